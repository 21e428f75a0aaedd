/** Types from the server's OpenAPI schema; `npm run types` generates schema.d.ts from it. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type StatusType = Schemas["StatusType"];
/** The id is a number in JSON and text here: see `exact.ts`. */
export type Job = Omit<Schemas["Job"], "id"> & { id: string };

/** A status of a job, and the job's `updated_at` then: ISO 8601 as in the API, or "" if unknown. */
export interface Snapshot {
  status: StatusType;
  updatedAt: string;
}

export type NewJob = Schemas["NewJob"];
export type JobChange = Schemas["JobChange"];
export type Undo = Schemas["Undo"];
export type Problem = Schemas["Problem"];
export type FieldError = NonNullable<Problem["errors"]>[number];
