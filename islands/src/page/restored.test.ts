import { expect, test, vi } from "vitest";
import { wireRestored } from "./restored";

function shown(persisted: boolean): void {
  const event = new Event("pageshow");
  Object.defineProperty(event, "persisted", { value: persisted });
  dispatchEvent(event);
}

test("a page restored from the back/forward cache is reloaded, and a newly loaded one is not", () => {
  const reload = vi.fn();
  wireRestored(reload);
  shown(false);
  expect(reload).not.toHaveBeenCalled();
  shown(true);
  expect(reload).toHaveBeenCalledOnce();
});
