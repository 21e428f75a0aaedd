import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { element, PAGE } from "../testing/page";
import { wireSearchKeys } from "./search-keys";

const field = () => element("#search") as HTMLInputElement;

beforeAll(wireSearchKeys);
beforeEach(() => {
  document.body.innerHTML = PAGE;
});

test("Escape clears the field and notifies htmx", async () => {
  await userEvent.type(field(), "fluid");
  let heard = 0;
  document.body.addEventListener("input", () => {
    heard += 1;
  });
  await userEvent.keyboard("{Escape}");
  expect(field().value).toBe("");
  expect(heard).toBe(1);
});

test("Escape that ends a composition clears nothing", () => {
  field().value = "fluid";
  field().dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, isComposing: true }));
  expect(field().value).toBe("fluid");
});
