import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { element, PAGE } from "../testing/page";
import { wireSearchKeys } from "./search-keys";

const field = () => element("#search") as HTMLInputElement;

beforeAll(wireSearchKeys);
beforeEach(() => {
  document.body.innerHTML = PAGE;
});

test("Escape leaves the field and keeps its text", async () => {
  await userEvent.type(field(), "fluid");
  let heard = 0;
  document.body.addEventListener("input", () => {
    heard += 1;
  });
  await userEvent.keyboard("{Escape}");
  expect(field().value).toBe("fluid");
  expect(document.activeElement).toBe(document.body);
  expect(heard).toBe(0);
});

test("Escape that ends a composition leaves nothing", () => {
  field().value = "fluid";
  field().dispatchEvent(
    new KeyboardEvent("keydown", { key: "Escape", bubbles: true, isComposing: true, cancelable: true }),
  );
  expect(field().value).toBe("fluid");
});
