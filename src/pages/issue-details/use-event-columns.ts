import { useState } from 'react';
import * as z from 'zod/mini';
import { readStored, writeStored } from '../../components/stored.ts';

const key = 'stackmend-event-columns';
const mostColumns = 12;
const columnsSchema = z.array(z.string());

/** The tags that the reader wants as columns of the events table, in the order of choosing; they outlive the page view. */
export function useEventColumns() {
  const [columns, setColumns] = useState(read);
  const toggle = (tag: string) => {
    const next = columns.includes(tag) ? columns.filter((each) => each !== tag) : [...columns, tag];
    setColumns(next.slice(-mostColumns));
    writeStored(key, JSON.stringify(next.slice(-mostColumns)));
  };
  return { columns, toggle };
}

function read(): string[] {
  try {
    const parsed = columnsSchema.safeParse(JSON.parse(readStored(key) ?? '[]'));
    return parsed.success ? parsed.data.slice(0, mostColumns) : [];
  } catch {
    return [];
  }
}
