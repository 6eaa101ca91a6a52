import type { Event } from '../../../../server/protocol/contract.ts';

type Words = { title: string; remedy: string };
type ProcessingError = Event['errors'][number];
export type ErrorGroup = Words & { type: string; places: ProcessingError[] };

const sourceMaps =
  'Upload the source map of this build with its debug id (sentry-cli sourcemaps upload), then look at a new event.';
const debugFiles = 'Upload the debug file of this build (sentry-cli debug-files upload), then look at a new event.';
const proguard = 'Upload the mapping file of this build (sentry-cli upload-proguard), then look at a new event.';
const checkField = 'Check what the application gives the SDK under these names.';

const table: Record<string, Words> = {
  invalid_data: {
    title: 'Values were not of the kind that belongs there, and were left out.',
    remedy: checkField,
  },
  invalid_attribute: {
    title: 'Fields have names that are not allowed, and were left out.',
    remedy: 'Give them other names in the application.',
  },
  missing_attribute: {
    title: 'Required values are missing.',
    remedy: 'An update of the SDK may bring them; else check how the event is made.',
  },
  value_too_long: {
    title: 'Values were too long or too deep, and were cut.',
    remedy: 'Send less under these names, or as an attachment.',
  },
  too_many_values: {
    title: 'There were too many values; some were left out.',
    remedy: 'Send fewer under these names, or as an attachment.',
  },
  clock_drift: {
    title: 'The clock of the sender is off; the times were corrected.',
    remedy: 'Set the clock of the machine that sent it. Times relative to each other are right.',
  },
  past_timestamp: {
    title: 'The time of the event is too far in the past.',
    remedy: 'Set the clock of the machine that sent it, or check how long it was offline.',
  },
  future_timestamp: {
    title: 'The time of the event is in the future; the time of its arrival is shown instead.',
    remedy: 'Set the clock of the machine that sent it.',
  },
  invalid_environment: {
    title: 'The environment has a name that is not allowed.',
    remedy: 'Use a name of at most 64 characters without slashes and line breaks.',
  },
  fetch_generic_error: { title: 'A file could not be fetched.', remedy: sourceMaps },
  js_generic_fetch_error: { title: 'A source file could not be fetched.', remedy: sourceMaps },
  js_invalid_http_code: { title: 'A source file was answered with an error.', remedy: sourceMaps },
  js_invalid_content: { title: 'A source file is none: it looks like a page.', remedy: sourceMaps },
  js_no_column: {
    title: 'A minified frame has no column, so that its place cannot be found in the source map.',
    remedy: 'Send from a browser or engine that tells columns, or keep line breaks in the bundle.',
  },
  js_missing_source: { title: 'The source of a frame was not found.', remedy: sourceMaps },
  js_missing_sources_content: {
    title: 'A source map has no source texts in it.',
    remedy: 'Let the bundler write sourcesContent, and upload the source map again.',
  },
  js_invalid_source: { title: 'A source file could not be read.', remedy: sourceMaps },
  js_invalid_source_encoding: { title: 'A source file is not in the encoding that it claims.', remedy: sourceMaps },
  js_invalid_sourcemap: {
    title: 'A source map could not be read.',
    remedy: 'Check that the bundler wrote it whole, and upload it again.',
  },
  js_invalid_sourcemap_location: {
    title: 'A frame lies outside its source map.',
    remedy: 'The bundle and its source map are of different builds: upload the pair of one build.',
  },
  js_too_large: { title: 'A source file is too large.', remedy: 'Split the bundle.' },
  js_too_many_remote_sources: { title: 'The event needs too many source files.', remedy: sourceMaps },
  js_scraping_disabled: { title: 'Source files are not fetched from the web.', remedy: sourceMaps },
  symbolicator_failed: {
    title: 'Frames could not be mapped when the event came.',
    remedy: 'Symbolicate the event again, above its stack trace.',
  },
  native_no_crashed_thread: {
    title: 'No thread is marked as the one that crashed.',
    remedy: 'An update of the SDK may bring it. All threads are shown.',
  },
  native_internal_failure: {
    title: 'The native frames could not be looked up.',
    remedy: 'Look at the addresses below with the debug file in a debugger.',
  },
  native_bad_dsym: { title: 'A debug file could not be read.', remedy: 'Make it anew, and upload it again.' },
  native_missing_dsym: { title: 'The debug file of the application is missing.', remedy: debugFiles },
  native_missing_optionally_bundled_dsym: { title: 'The debug file of a library is missing.', remedy: debugFiles },
  native_missing_system_dsym: {
    title: 'The debug file of a system library is missing.',
    remedy: 'Frames of the application are not affected.',
  },
  native_missing_symbol: {
    title: 'A debug file has no symbol for an address.',
    remedy: 'It is stripped, or of another build: upload the one of this build.',
  },
  native_simulator_frame: {
    title: 'A frame is of the simulator.',
    remedy: 'Only frames of real devices can be looked up.',
  },
  native_unknown_image: {
    title: 'An address belongs to no image of the event.',
    remedy: 'The SDK did not send all that was loaded, or the stack is damaged.',
  },
  native_symbolicator_failed: { title: 'The native frames could not be looked up.', remedy: debugFiles },
  proguard_missing_mapping: { title: 'The ProGuard mapping is missing.', remedy: proguard },
  proguard_missing_lineno: {
    title: 'The ProGuard mapping has no line numbers.',
    remedy: 'Add -keepattributes SourceFile,LineNumberTable to its rules.',
  },
  proguard_syntax_error: { title: 'The ProGuard mapping could not be read.', remedy: proguard },
  jvm_missing_source: {
    title: 'The source of a JVM frame is missing.',
    remedy: 'Upload a source bundle of this build (sentry-cli debug-files bundle-jvm).',
  },
  invalid_minidump: {
    title: 'The minidump could not be read.',
    remedy: 'It may have been cut: the process ended, or the disk was full. It is among the attachments.',
  },
};

/** The words for one kind of error; of an unknown one its own. */
function wordsOf({ type, message }: ProcessingError): Words {
  if (Object.hasOwn(table, type)) return table[type] ?? { title: type, remedy: '' };
  return { title: message || `${type.replaceAll('_', ' ')}.`, remedy: '' };
}

/** Errors of a kind together, in the order in which the first of each came: a hundred places, one remedy. */
export function groupErrors(errors: readonly ProcessingError[]): ErrorGroup[] {
  const groups = new Map<string, ErrorGroup>();
  for (const error of errors) {
    const words = wordsOf(error);
    const key = `${error.type}\n${words.title}`;
    const group = groups.get(key) ?? { ...words, type: error.type, places: [] };
    group.places.push(error);
    groups.set(key, group);
  }
  return [...groups.values()];
}
