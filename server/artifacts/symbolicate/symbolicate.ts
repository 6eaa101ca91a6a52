/** Maps the frames of an event: finds each file's map, then each frame's source, line, function and source text. */
import type { FrameAnswer, FrameToMap, MappedFrame, SymbolicateAnswer, SymbolicateRequest } from './answer.ts';
import { type Assets, type LoadedMap, type MapFailure, remember } from './assets.ts';
import { originalFunctionName } from './function-name.ts';
import type { Lines } from './lines.ts';
import { type Located, type Lookup, locate, locateSource } from './locate.ts';
import { createRemembered } from './remembered.ts';
import { contextAt, MAX_CONTEXT, sizeOfContext, storable } from './source-context.ts';
import type { Found } from './source-map.ts';
import { isLibrarySource, MAX_URL, resolveUrl, toFilename, toModule } from './source-url.ts';

type Deps = {
  store: Lookup;
  assets: Assets;
  now: () => number;
  /** Changes whenever an upload may have come or gone. */
  version: () => Promise<unknown>;
  /** Of one event; frames that are left then are not mapped. */
  limitMs: number;
};

type File = { located: Located; loaded: LoadedMap | MapFailure | null; generated: Lines | null };
type Budget = { deadline: number; context: number };

export function createSymbolicate({ store, assets, now, version, limitMs }: Deps) {
  const remembered = createRemembered(version, store);

  async function filesOf(request: SymbolicateRequest, budget: Budget): Promise<Map<string, File>> {
    const ids = new Map(request.debugIds);
    const urls = new Set(
      request.stacks.flat().flatMap(({ url, line, column }) => (url && line && column !== null ? url : [])),
    );
    const wanted = [...urls].map((url) => ({ url, debugId: ids.get(url) ?? null }));
    const located = await remembered.located(request, wanted, (open) => locate(store, assets, request, open));
    const files = new Map<string, File>();
    for (const { url } of wanted) {
      const at = located.get(url);
      if (at && now() < budget.deadline) files.set(url, await load(at));
    }
    return files;
  }

  async function load(located: Located): Promise<File> {
    if (!located.map) return { located, loaded: null, generated: null };
    const loaded = await (located.isInline ? assets.inlineMap(located.map) : assets.map(located.map));
    const generated = located.generated && (await assets.generated(located.generated));
    return { located, loaded, generated: generated?.lines ?? null };
  }

  async function mapFrame(
    frame: FrameToMap,
    caller: FrameToMap | undefined,
    file: File | undefined,
    request: SymbolicateRequest,
    budget: Budget,
  ): Promise<FrameAnswer | null> {
    if (frame.url === null) return null;
    if (!frame.line || frame.column === null) return unmapped('no_position');
    if (now() >= budget.deadline || !file) return unmapped('symbolicator_failed', TOO_SLOW);
    const { located, loaded, generated } = file;
    if (!located.map) return unmapped(located.reason, null, located.mapUrl);
    if (!loaded || 'reason' in loaded) {
      return unmapped(loaded?.reason ?? 'source_map_unreadable', loaded?.detail ?? null, located.mapUrl);
    }
    const line = frame.line - 1;
    // Engines count columns from 1; some say 0 where they mean the first.
    const column = Math.max(0, frame.column - 1);
    const found = loaded.map.find(line, column);
    if (!found || found.source.url === '') return unmapped('no_mapping', null, located.mapUrl);
    const base = located.mapUrl ?? frame.url;
    const absPath = storable(resolveUrl(base, found.source.url).slice(0, MAX_URL));
    const lines = loaded.linesOf(found.source) ?? (await uploadedSource(request, located.map.bundle, absPath));
    // With the generated file, what it is called is looked for there.
    const from = !generated && caller?.url === frame.url && caller.line && caller.column ? caller : null;
    const name = remember(loaded, `${line}:${column}:${frame.function}:${from?.line}:${from?.column}`, () =>
      originalFunctionName(
        { name: frame.function ?? '', line, column },
        from && { line: (from.line ?? 1) - 1, column: (from.column ?? 1) - 1 },
        { map: loaded.map, generated, linesOf: (source) => (source === found.source ? lines : loaded.linesOf(source)) },
      ),
    );
    return {
      ...describe(found, absPath),
      function: name === null ? null : storable(name),
      dependsOnCaller: from !== null,
      context: spend(lines, found, budget),
      mapUrl: storable(base.slice(0, MAX_URL)),
      resolvedWith: located.resolvedWith,
      uploaded: located.map.dateCreated,
      bundle: located.map.bundle,
    };
  }

  async function uploadedSource(request: SymbolicateRequest, bundle: number, url: string): Promise<Lines | null> {
    const row = await remembered.source(request, url, bundle, () => locateSource(store, request, bundle, url));
    return row ? ((await assets.generated(row))?.lines ?? null) : null;
  }

  /** Never throws for what is in a map; for a database that fails. */
  return async function symbolicate(request: SymbolicateRequest): Promise<SymbolicateAnswer> {
    const budget = { deadline: now() + limitMs, context: MAX_CONTEXT };
    await remembered.renew(request.projectId);
    const files = await filesOf(request, budget);
    const stacks: (FrameAnswer | null)[][] = [];
    for (const frames of request.stacks) {
      const answers: (FrameAnswer | null)[] = [];
      for (const [index, frame] of frames.entries()) {
        answers.push(await mapFrame(frame, frames[index - 1], files.get(frame.url ?? ''), request, budget));
      }
      stacks.push(answers);
    }
    return { stacks };
  };
}

const TOO_SLOW = 'It took longer than an event may take.';

function unmapped(
  reason: Extract<FrameAnswer, { status: 'unmapped' }>['reason'],
  detail: string | null = null,
  mapUrl: string | null = null,
): FrameAnswer {
  return { status: 'unmapped', reason, detail, mapUrl: mapUrl === null ? null : storable(mapUrl.slice(0, MAX_URL)) };
}

function describe({ source, line, column }: Found, absPath: string) {
  // The way up says nothing in the middle of a page; the address beside it has the whole path.
  const filename = storable(toFilename(source.url.slice(0, MAX_URL)));
  return {
    status: 'mapped',
    absPath,
    filename,
    module: toModule(filename),
    line: line + 1,
    column: column + 1,
    isLibrary: source.isIgnored || isLibrarySource(absPath) || isLibrarySource(source.url.slice(0, MAX_URL)),
  } satisfies Partial<MappedFrame>;
}

function spend(lines: Lines | null, { line, column }: Found, budget: Budget): MappedFrame['context'] {
  const context = lines && budget.context > 0 ? contextAt(lines, line, column) : null;
  if (context) budget.context -= sizeOfContext(context);
  return context;
}
