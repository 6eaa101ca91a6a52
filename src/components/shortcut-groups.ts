/** The keys, as the sheet shows them, and what they do. Keys of one after another stand in one text: "j k". */
type Entry = readonly [keys: readonly string[], what: string];
export type ShortcutGroup = {
  title: string;
  /** The paths of the pages that have them. */
  at: RegExp;
  entries: readonly Entry[];
};

const isMac = (): boolean => /Mac|iP(?:hone|ad)/.test(navigator.userAgent);
const withModifiers = (letter: string): string => (isMac() ? `⌘ ⌥ ${letter}` : `Ctrl + Alt + ${letter}`);

const anEvent = /^\/issues\/[^/]+\/(?:events\/[^/]+\/?)?$/;
const anIssue = /^\/issues\/[^/]+\//;

/** Every shortcut of the page, for the `?` sheet, in the order in which one comes to need them. */
export const shortcutGroups = (): ShortcutGroup[] => [
  {
    title: 'Events of the issue',
    at: anEvent,
    entries: [
      [['h'], 'Previous event'],
      [['l'], 'Next event'],
      [['H', 'L', ';'], 'First, last, recommended event'],
      [['t e'], 'All events'],
    ],
  },
  {
    title: 'Within the event',
    at: anEvent,
    entries: [
      [['j j'], 'Next section'],
      [['j k'], 'Previous section'],
      [['t a'], 'Attachments'],
      [['t f'], 'User feedback'],
    ],
  },
  {
    title: 'Triage',
    at: anIssue,
    entries: [
      [['r'], 'Resolve or unresolve'],
      [['i'], 'Archive or unarchive'],
      [['b'], 'Bookmark'],
      [['p'], 'Priority'],
      [['a'], 'Assignee'],
    ],
  },
  {
    title: 'Copy',
    at: anEvent,
    entries: [
      [[withModifiers('C')], 'The event for an AI, redacted'],
      [[',', '.', "'"], 'Address, short id, event id'],
    ],
  },
  {
    title: 'All events of an issue',
    at: /^\/issues\/[^/]+\/events\/?$/,
    entries: [
      [['j', '↓'], 'Next event'],
      [['k', '↑'], 'Previous event'],
      [['Enter'], 'Open the event'],
    ],
  },
  {
    title: 'Issue list',
    at: /^\/issues\/?$/,
    entries: [
      [['j', '↓'], 'Next issue'],
      [['k', '↑'], 'Previous issue'],
      [['Enter'], 'Open the issue'],
      [['x'], 'Select the issue'],
      [['r'], 'Resolve or unresolve'],
      [['i'], 'Archive or unarchive'],
      [['b'], 'Bookmark'],
      [['/'], 'Search'],
      [['Escape'], 'Select nothing'],
    ],
  },
  { title: 'Everywhere', at: /^\//, entries: [[['?'], 'This sheet']] },
];
