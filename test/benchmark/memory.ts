import { readFileSync } from 'node:fs';

/** Resident memory of a process now and at most so far, as text; Linux alone tells. */
export function memoryOf(pid: number | undefined): { now: string; peak: string } {
  let status = '';
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return { now: 'not told by this system', peak: 'not told by this system' };
  }
  const mebibytes = (name: string): string =>
    `${Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024)} MiB`;
  return { now: mebibytes('VmRSS'), peak: mebibytes('VmHWM') };
}

/** Seconds of processor time that a process has taken so far, all threads; not a number where the system does not tell. */
export function processorSeconds(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields 14 and 15, in hundredths of a second; the name before them may hold spaces, and ends with a parenthesis.
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return ((user ?? Number.NaN) + (system ?? Number.NaN)) / 100;
  } catch {
    return Number.NaN;
  }
}
