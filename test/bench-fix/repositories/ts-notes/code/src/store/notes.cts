import type { Note } from '../types.cts';

const notes: Note[] = [];

function add(owner: string, text: string): Note {
  const note = { id: notes.length + 1, owner, text, isShared: false };
  notes.push(note);
  return note;
}

const ofOwner = (owner: string): Note[] => notes.filter((note) => note.owner === owner);
const shared = (): Note[] => notes.filter(({ isShared }) => isShared);

function share(id: number, owner: string): Note | null {
  const note = notes.find((one) => one.id === id && one.owner === owner) ?? null;
  if (note) note.isShared = true;
  return note;
}

module.exports = { add, ofOwner, shared, share };
