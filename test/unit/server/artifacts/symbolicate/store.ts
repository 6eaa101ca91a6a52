/** A real store on a temporary file, with a symbolicator over it in this thread. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  FrameToMap,
  MappedFrame,
  SymbolicateRequest,
} from '../../../../../server/artifacts/symbolicate/answer.ts';
import { createAssets } from '../../../../../server/artifacts/symbolicate/assets.ts';
import { createSymbolicate } from '../../../../../server/artifacts/symbolicate/symbolicate.ts';
import { createArtifactStore, type NewArtifactFile } from '../../../../../server/storage/artifacts.ts';
import { migrate, openDatabase } from '../../../../../server/storage/database.ts';

export const PROJECT = 2;
export const URL = 'https://shop.example/assets/index.js';
export const DEBUG_ID = 'd0f3f72c-bf28-5e17-849e-e8e22d6f1fe6';
export const OTHER_ID = '11111111-bf28-5e17-849e-e8e22d6f1fe6';

export type File = Partial<NewArtifactFile> & { url: string; text: string | Buffer };
type Upload = { project?: number; release?: string | null; dist?: string | null; files: File[] };

export async function openStore({ maxBytes = 100_000_000, limitMs = 60_000 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'symbolicate-'));
  const db = openDatabase(join(folder, 'stackmend.db'));
  await migrate(db);
  const clock = { now: 1_000_000 };
  const store = createArtifactStore(db, { now: () => clock.now });
  const refused = new Set<string>();
  const reads: string[] = [];
  const read = async (checksum: string) => {
    reads.push(checksum);
    return store.read(checksum);
  };
  const assets = createAssets({ read, maxBytes, refused });
  let version = 0;
  const symbolicate = createSymbolicate({ store, assets, now: () => clock.now, version: async () => version, limitMs });
  return {
    store,
    assets,
    symbolicate,
    clock,
    refused,
    /** Checksums of what was read from the database, in order. */
    reads,
    upload: async ({ project = PROJECT, release = null, dist = null, files }: Upload) => {
      version += 1;
      return store.addBundle({
        projectId: project,
        bundleId: crypto.randomUUID(),
        checksum: crypto.randomUUID(),
        release,
        dist,
        files: files.map(({ text, url, ...file }) => ({
          url,
          type: url.endsWith('.map') ? 'source_map' : 'minified_source',
          debugId: null,
          sourceMapUrl: null,
          ...file,
          bytes: Buffer.from(text),
        })),
      });
    },
    /** One frame, of a release `1` without dist unless told. */
    map: async (frame: Partial<FrameToMap> = {}, request: Partial<SymbolicateRequest> = {}) => {
      const asked = { url: URL, line: 1, column: 1, function: 't', ...frame };
      const answer = await symbolicate({
        projectId: PROJECT,
        release: '1',
        dist: null,
        debugIds: [],
        stacks: [[asked]],
        ...request,
      });
      return answer.stacks[0]?.[0] ?? null;
    },
    close: async () => {
      await db.destroy();
      rmSync(folder, { recursive: true });
    },
  };
}

export const withDebugId = (id = DEBUG_ID): Partial<SymbolicateRequest> => ({ debugIds: [[URL, id]] });

/** A map whose first position is line 3, column 5 of a source that names its upload. */
export function mapOf(name: string, more: object = {}): string {
  const source = `// one\n// two\n    throw new Error('${name}');\n// four\n`;
  return JSON.stringify({
    version: 3,
    names: [],
    sources: [`../src/${name}.ts`],
    sourcesContent: [source],
    mappings: 'AAEI',
    ...more,
  });
}

/** Which upload's map a frame was mapped with; null when it was not. */
export const mappedWith = (answer: { status: string } | null): string | null =>
  answer?.status === 'mapped' ? ((answer as MappedFrame).filename.match(/(\w+)\.ts$/)?.[1] ?? '?') : null;
