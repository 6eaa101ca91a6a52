import { Router } from 'express';
import * as z from 'zod';
import type { Endpoints } from '../ai/endpoints.ts';
import { parseRedactionRules } from '../ai/redact-rules.ts';
import type { AiSettings } from '../protocol/contract.ts';
import { BadRequestError } from '../protocol/errors.ts';
import type { AiStore, ProjectAi } from '../storage/ai.ts';
import { jsonBody, parseBody } from './parse-request.ts';
import { permit } from './permit.ts';
import type { Scope } from './scope.ts';

export type AiSettingsServices = {
  scope: Scope;
  answers: Pick<AiStore, 'project' | 'setProject'>;
  endpoints: Pick<Endpoints, 'all' | 'byName'>;
};

const PATH = '/projects/:organization/:project/ai-settings/';
const changeSchema = z.strictObject({
  localOnly: z.boolean().optional(),
  endpoint: z.string().max(200).nullable().optional(),
  redactionRules: z.string().max(50_000).optional(),
});

/** Where events of a project may go, and what is redacted beside what always is. What holds for all is in the files. */
export function aiSettingsRoutes({ scope, answers, endpoints }: AiSettingsServices): Router {
  const router = Router();
  const toAiSettings = (project: ProjectAi): AiSettings => ({
    ...project,
    endpoints: endpoints.all().map(({ name, host, model, isLocal }) => ({ name, host, model, isLocal })),
  });

  router.get(PATH, permit('project:read'), async (req, res) => {
    const { id } = await scope.project(req);
    res.json(toAiSettings(await answers.project(id)));
  });

  router.put(PATH, permit('ai:admin'), jsonBody, async (req, res) => {
    const { id } = await scope.project(req);
    const { localOnly, endpoint, redactionRules } = parseBody(changeSchema, req);
    const before = await answers.project(id);
    // One that was taken out of the files since may stay, so that the rest can be changed.
    if (endpoint != null && endpoint !== before.endpoint && !endpoints.byName(endpoint)) {
      const names = endpoints.all().map(({ name }) => name);
      throw new BadRequestError(`There is no endpoint ${endpoint}. There is ${names.join(', ')}.`);
    }
    // What cannot be read is refused here, by its line.
    if (redactionRules !== undefined) parseRedactionRules(redactionRules);
    const after: ProjectAi = {
      localOnly: localOnly ?? before.localOnly,
      endpoint: endpoint === undefined ? before.endpoint : endpoint,
      redactionRules: redactionRules ?? before.redactionRules,
    };
    await answers.setProject(id, after);
    res.json(toAiSettings(after));
  });

  return router;
}
