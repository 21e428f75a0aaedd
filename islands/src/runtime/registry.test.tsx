import { waitFor } from "@testing-library/react";
import { type ComponentType, useEffect } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deferred } from "../testing/server";
import { ISLAND_FAILED, type IslandFailure } from "./definition";
import { defineIsland } from "./registry";

interface Props {
  word: string;
}

const mounts = { mounted: 0, unmounted: 0 };
let load: () => Promise<ComponentType<Props>>;
let failures: IslandFailure[];

function Word({ word }: Props) {
  useEffect(() => {
    mounts.mounted += 1;
    return () => {
      mounts.unmounted += 1;
    };
  }, []);
  if (word === "crash") throw new Error("crash");
  return <b>{word}</b>;
}

defineIsland<Props>({
  tag: "test-island",
  observed: ["data-word"],
  props: (element) => ({ word: element.dataset["word"] ?? "" }),
  load: () => load(),
});

document.addEventListener(ISLAND_FAILED, (event) => failures.push((event as CustomEvent<IslandFailure>).detail));

function place(word = "one"): HTMLElement {
  const element = document.createElement("test-island");
  element.dataset["word"] = word;
  element.innerHTML = "<i>fallback</i>";
  document.body.append(element);
  return element;
}

async function placeMounted(): Promise<HTMLElement> {
  const element = place();
  await waitFor(() => expect(element.innerHTML).toBe("<b>one</b>"));
  await waitFor(() => expect(mounts.mounted).toBe(1));
  return element;
}

let onSettled: () => void;

function Last() {
  useEffect(() => onSettled(), []);
  return null;
}

defineIsland({ tag: "last-island", observed: [], props: () => ({}), load: async () => Last });

/** Resolves once an island placed now is mounted: by then, whatever was to happen to those before it has happened. */
async function settle(): Promise<void> {
  const last = document.createElement("last-island");
  await new Promise<void>((resolve) => {
    onSettled = resolve;
    document.body.append(last);
  });
  last.remove();
}

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  Object.assign(mounts, { mounted: 0, unmounted: 0 });
  load = async () => Word;
  failures = [];
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(async () => {
  document.body.replaceChildren();
  await settle();
});

test("the fallback is shown until the island is mounted", async () => {
  const chunk = deferred<ComponentType<Props>>();
  load = () => chunk.promise;
  const element = place();
  await settle();
  expect(element.innerHTML).toBe("<i>fallback</i>");
  chunk.resolve(Word);
  await waitFor(() => expect(element.innerHTML).toBe("<b>one</b>"));
});

test("a changed attribute re-renders the island", async () => {
  const element = await placeMounted();
  element.dataset["word"] = "two";
  await waitFor(() => expect(element.innerHTML).toBe("<b>two</b>"));
  expect(mounts).toEqual({ mounted: 1, unmounted: 0 });
});

test("a move keeps the island mounted", async () => {
  const element = await placeMounted();
  const node = element.firstChild;
  const cell = document.body.appendChild(document.createElement("div"));
  cell.append(element);
  await settle();
  expect(mounts).toEqual({ mounted: 1, unmounted: 0 });
  expect(element.firstChild).toBe(node);
  element.dataset["word"] = "moved";
  await waitFor(() => expect(element.innerHTML).toBe("<b>moved</b>"));
});

test("a removed island is unmounted, and mounted again when it comes back", async () => {
  const element = await placeMounted();
  element.remove();
  await waitFor(() => expect(mounts).toEqual({ mounted: 1, unmounted: 1 }));
  document.body.append(element);
  await waitFor(() => expect(element.innerHTML).toBe("<b>one</b>"));
  await waitFor(() => expect(mounts).toEqual({ mounted: 2, unmounted: 1 }));
});

test("an island removed before its chunk has loaded is never mounted", async () => {
  const chunk = deferred<ComponentType<Props>>();
  load = () => chunk.promise;
  const element = place();
  await settle();
  element.remove();
  chunk.resolve(Word);
  await settle();
  expect(mounts.mounted).toBe(0);
  document.body.append(element);
  await waitFor(() => expect(element.innerHTML).toBe("<b>one</b>"));
  await waitFor(() => expect(mounts).toEqual({ mounted: 1, unmounted: 0 }));
});

test("an island removed and restored while its chunk loads is mounted once", async () => {
  const chunk = deferred<ComponentType<Props>>();
  load = () => chunk.promise;
  const element = place();
  await settle();
  element.remove();
  document.body.append(element);
  chunk.resolve(Word);
  await waitFor(() => expect(mounts.mounted).toBe(1));
  await settle();
  expect(mounts).toEqual({ mounted: 1, unmounted: 0 });
});

test("a chunk that fails to load leaves the fallback, is reported, and can be retried", async () => {
  load = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
  const element = place();
  await waitFor(() => expect(failures).toHaveLength(1));
  expect(element.innerHTML).toBe("<i>fallback</i>");
  load = async () => Word;
  failures[0]?.retry();
  await waitFor(() => expect(element.innerHTML).toBe("<b>one</b>"));
});

test("an island that crashes restores its fallback", async () => {
  const element = await placeMounted();
  element.dataset["word"] = "crash";
  await waitFor(() => expect(failures).toHaveLength(1));
  expect(element.innerHTML).toBe("<i>fallback</i>");
  expect(mounts).toEqual({ mounted: 1, unmounted: 1 });
});
