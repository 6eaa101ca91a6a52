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
