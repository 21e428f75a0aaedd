/** Types from the server's OpenAPI schema; `npm run types` generates schema.d.ts from it. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type StatusType = Schemas["StatusType"];
/** The id is a number in JSON and text here: see `exact.ts`. */
export type Job = Omit<Schemas["Job"], "id"> & { id: string };
export type NewJob = Schemas["NewJob"];
export type JobChange = Schemas["JobChange"];
export type Undo = Schemas["Undo"];
export type Problem = Schemas["Problem"];
export type FieldError = NonNullable<Problem["errors"]>[number];
