import { expect, test } from "vitest";
import { emit } from "./events";

test("an event is dispatched on the body, where hx-trigger listens, and bubbles", () => {
  const seen: [EventTarget | null, unknown, boolean][] = [];
  document.addEventListener("job:deleted", (event) => {
    seen.push([event.target, (event as CustomEvent).detail, event.composed]);
  });
  emit("job:deleted", { id: "7" });
  expect(seen).toEqual([[document.body, { id: "7" }, true]]);
});
