import { describe, expect, it } from 'vitest';
import type { GatherDeps } from '../../../../server/ai/evidence-gather.ts';
import { gatherInTime } from '../../../../server/ai/evidence-in-time.ts';
import type { StoredFrame } from '../../../../server/protocol/event.ts';
import { GitError } from '../../../../server/source/git.ts';
import type { CodeMappingRow } from '../../../../server/storage/code-mappings.ts';
import { frame, storedEvent } from './sample-event.ts';

const mapping: CodeMappingRow = {
  id: 1,
  projectId: 2,
  stackRoot: '',
  sourceRoot: '',
  repositoryPath: '/repository',
  repositoryUrl: null,
  provider: null,
  defaultBranch: null,
  dateCreated: 0,
};
const never = () => new Promise<never>(() => {});
const TEXT = 'def a():\n    x = 1\n    return x\n';
const counts = { timesSeen: 3, userCount: 1, firstSeen: 0, lastSeen: 1 };

const frames: StoredFrame[] = ['one', 'two', 'three'].map((name) =>
  frame({ function: 'a', filename: `${name}.py`, lineno: 2, context_line: '    x = 1' }),
);
const event = storedEvent({ exception: { values: [{ type: 'E', value: 'v', stacktrace: { frames } }] } });

/** All is there at once, but what `over` says. */
function depsWith(
  over: Partial<GatherDeps['source']> = {},
  countsOf: GatherDeps['countsOf'] = async () => counts,
): GatherDeps {
  return {
    source: {
      fileOf: async ({ filename }) => {
        const path = filename ?? '';
        return { reason: null, mapping, path, absPath: null, commitFrom: null, commit: 'c'.repeat(40), blob: path };
      },
      textOf: async () => ({ reason: null, text: TEXT }),
      commitsOf: async () => ({ checkouts: [], none: null }),
      ...over,
    },
    coverage: { passOf: () => ({ ofFile: async () => ({ file: null }) }) },
    countsOf,
  };
}

describe('evidence in time', () => {
  it('is whole where nothing hangs, and says nothing', async () => {
    const { context, late } = await gatherInTime(depsWith(), 5000)(event, 2, 1);
    expect(late).toEqual([]);
    expect(context.enclosing?.size).toBe(3);
    expect(context.counts).toEqual(counts);
  });

  it('has what was found by then, and says what was not', async () => {
    // Newest first: the third hangs, and so would those after it.
    const fileOf: GatherDeps['source']['fileOf'] = (query) =>
      query.filename === 'two.py' ? never() : depsWith().source.fileOf(query);
    const { context, late } = await gatherInTime(depsWith({ fileOf }), 100)(event, 2, 1);
    expect([...(context.enclosing?.values() ?? [])].map(({ path }) => path)).toEqual(['three.py']);
    expect(context.counts).toEqual(counts);
    expect(late).toEqual([
      'source in 2 places left out: it took longer than 0.1 s',
      'definitions in other files left out: it took longer than 0.1 s',
      'coverage in 1 place left out: it took longer than 0.1 s',
    ]);
    const slow = await gatherInTime(depsWith({}, never), 50)(event, 2, 1);
    expect(slow).toMatchObject({
      context: { counts: null },
      late: ['how often the issue was seen left out: it took longer than 0.05 s'],
    });
  });

  it('has the rest where git fails beside it, and says what is left out', async () => {
    const fails = () => Promise.reject(new GitError('Git cannot read the checkout.'));
    const checkout = {
      mapping,
      commit: 'c'.repeat(40),
      commitFrom: 'release' as const,
      file: () => ({ kind: 'file' as const, mode: '100644', read: fails }),
      framePath: () => null,
      hasFolder: () => true,
      filesIn: () => ['four.py'],
      mentions: fails,
    };
    const deps = depsWith({ commitsOf: async () => ({ checkouts: [checkout], none: null }) });
    const { context, late } = await gatherInTime(deps, 5000)(event, 2, 1);
    expect(late).toEqual(['definitions in other files left out: git could not read all of the checkout']);
    expect(context.enclosing?.size).toBe(3);
  });

  it('waits for no file that cannot be read, and fails for what fails', async () => {
    const { context, late } = await gatherInTime(depsWith({ textOf: never }), 50)(event, 2, 1);
    expect(context.enclosing?.size).toBe(0);
    expect(late[0]).toMatch(/^source in \d places/);
    const failing = depsWith({}, () => Promise.reject(new Error('The database is gone.')));
    await expect(gatherInTime(failing, 5000)(event, 2, 1)).rejects.toThrow('The database is gone.');
  });

  it('looks nothing up for an event of no project', async () => {
    expect(await gatherInTime(depsWith({ fileOf: never }), 50)(event, null, null)).toEqual({ context: {}, late: [] });
  });
});
