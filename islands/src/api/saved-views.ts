/** Saved views through the API. Separate from `client.ts`, which every page loads. */
import { change, read } from "./client";
import { unexpectedResponse } from "./errors";
import { idText } from "./exact";
import { parseObject } from "./parse";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** The id is a number in JSON and text here, as that of a job. */
export type SavedView = Omit<Schemas["SavedView"], "id"> & { id: string };
export type NewView = Schemas["NewView"];
export type ViewChange = Schemas["ViewChange"];

/** A view as the page shows it: a change applies only to this version. */
export interface ViewRef {
  id: string;
  name: string;
  version: string;
}

const VIEWS = "/api/views/";
/** Of a view's name, in characters. */
export const MAX_VIEW_NAME = 60;

export function listViews(): Promise<SavedView[]> {
  return read(VIEWS, async (response) => {
    const { results } = await parseObject(response);
    const views = Array.isArray(results) ? results.map(toView) : [undefined];
    if (views.every((view) => view !== undefined)) return views;
    throw unexpectedResponse(response.status);
  });
}

export function createView(view: NewView): Promise<SavedView> {
  const jobIds = ["a new view"];
  return change({ method: "POST", url: VIEWS, body: JSON.stringify(view), jobIds }, parseView);
}

export function changeView({ id, version }: ViewRef, values: ViewChange): Promise<SavedView> {
  const body = JSON.stringify(values);
  return change({ ...requestFor(id), method: "PATCH", body, ifMatch: version }, parseView);
}

/** Whatever its version: a view that others have moved is still the one to delete. */
export function deleteView({ id }: ViewRef): Promise<void> {
  return change({ ...requestFor(id), method: "DELETE" }, async () => undefined);
}

function requestFor(id: string) {
  return { url: `${VIEWS}${id}/`, jobIds: [`view ${id}`] };
}

async function parseView(response: Response): Promise<SavedView> {
  const view = toView(await parseObject(response));
  if (view) return view;
  throw unexpectedResponse(response.status);
}

function toView(value: unknown): SavedView | undefined {
  const view = (value ?? {}) as Record<string, unknown>;
  const id = idText(view["id"]);
  return id !== undefined && typeof view["name"] === "string" ? ({ ...view, id } as SavedView) : undefined;
}
