import type { Selectable } from 'kysely';
import type { Database, Tables } from './tables.ts';

type AttachmentRow = Selectable<Tables['attachment']>;
/** Without its bytes. `size` in bytes; `dateCreated` Unix milliseconds. */
export type Attachment = Omit<AttachmentRow, 'data'>;

const META = ['id', 'projectId', 'eventId', 'name', 'contentType', 'attachmentType', 'size', 'dateCreated'] as const;

/** Attachments of events, looked up within their project and event. */
export function createAttachmentStore(db: Database) {
  return {
    list: async (projectId: number, eventId: string): Promise<Attachment[]> =>
      db
        .selectFrom('attachment')
        .select(META)
        .where('projectId', '=', projectId)
        .where('eventId', '=', eventId)
        .orderBy('id')
        .execute(),

    /** With its bytes. */
    byId: async (projectId: number, eventId: string, id: number): Promise<AttachmentRow | null> =>
      (await db
        .selectFrom('attachment')
        .selectAll()
        .where('projectId', '=', projectId)
        .where('eventId', '=', eventId)
        .where('id', '=', id)
        .executeTakeFirst()) ?? null,
  };
}
export type AttachmentStore = ReturnType<typeof createAttachmentStore>;
