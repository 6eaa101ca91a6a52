import type { Database } from './tables.ts';

/** `dateCreated`: when it was first seen, in Unix milliseconds; Infinity for one that was not seen yet. */
type SeenRelease = { version: string; dateCreated: number };

/**
 * Negative when `one` is older than `other`. Two versions of one package (`shop@1.2.0`) compare as Semantic Versioning
 * says, so that a fix for an old branch is no new release; all others by when they were first seen.
 */
export function compareReleases(one: SeenRelease, other: SeenRelease): number {
  const [version, otherVersion] = [parseVersion(one.version), parseVersion(other.version)];
  const byVersion =
    version && otherVersion && version.package === otherVersion.package ? compareVersions(version, otherVersion) : 0;
  if (byVersion !== 0) return byVersion;
  if (one.dateCreated !== other.dateCreated) return one.dateCreated < other.dateCreated ? -1 : 1;
  return compareTexts(one.version, other.version);
}

/** The one that was seen last or, of a package that counts by Semantic Versioning, its highest version. */
export async function newestRelease(db: Database, projectId: number): Promise<string | null> {
  const ofProject = db.selectFrom('release').select(['version', 'dateCreated']).where('projectId', '=', projectId);
  const last = await ofProject.orderBy('dateCreated', 'desc').orderBy('version', 'desc').limit(1).executeTakeFirst();
  const parsed = last && parseVersion(last.version);
  if (!parsed) return last?.version ?? null;
  const from = `${parsed.package}@`;
  // "A" follows "@": all that begin with the package's name, by the primary key.
  const ofPackage = await ofProject.where('version', '>', from).where('version', '<', `${parsed.package}A`).execute();
  const newest = ofPackage
    .filter(({ version }) => parseVersion(version)?.package === parsed.package)
    .reduce((known, release) => (compareReleases(release, known) > 0 ? release : known), last);
  return newest.version;
}

type Version = { package: string; numbers: string[]; prerelease: string[] };

/** Null when it is not `package@x.y.z`, with what Semantic Versioning lets follow it. */
function parseVersion(release: string): Version | null {
  const at = release.lastIndexOf('@');
  if (at < 1) return null;
  const [, numbers, prerelease] = VERSION.exec(release.slice(at + 1)) ?? [];
  if (numbers === undefined) return null;
  return { package: release.slice(0, at), numbers: numbers.split('.'), prerelease: prerelease?.split('.') ?? [] };
}
const VERSION = /^(\d+\.\d+\.\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** @see https://semver.org/#spec-item-11 */
function compareVersions(one: Version, other: Version): number {
  const byNumbers = firstDifference(one.numbers, other.numbers, compareNumbers);
  if (byNumbers !== 0) return byNumbers;
  // 1.0.0-rc.1 comes before 1.0.0.
  if (one.prerelease.length === 0 || other.prerelease.length === 0) {
    return other.prerelease.length - one.prerelease.length;
  }
  return firstDifference(one.prerelease, other.prerelease, comparePrereleases);
}

function firstDifference(one: string[], other: string[], compare: (one: string, other: string) => number): number {
  for (const [index, text] of one.entries()) {
    const otherText = other[index];
    if (otherText === undefined) return 1;
    const order = compare(text, otherText);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

function comparePrereleases(one: string, other: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (isNumber && isOtherNumber) return compareNumbers(one, other);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return compareTexts(one, other);
}

/** As text: a release is a stranger's, and its digits may be more than a number holds. */
function compareNumbers(one: string, other: string): number {
  const [digits, otherDigits] = [one.replace(/^0+/, ''), other.replace(/^0+/, '')];
  return digits.length - otherDigits.length || compareTexts(digits, otherDigits);
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
