import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { element, PAGE } from "../testing/page";
import { wireSearchKeys } from "./search-keys";

const field = () => element("#search") as HTMLInputElement;

beforeAll(wireSearchKeys);
beforeEach(() => {
  document.body.innerHTML = PAGE;
});

test("/ goes to the search field and is not typed into it", async () => {
  await userEvent.keyboard("/");
  expect(document.activeElement).toBe(field());
  expect(field().value).toBe("");
});

test("/ is an ordinary character where text is typed", async () => {
  const other = document.body.appendChild(document.createElement("input"));
  await userEvent.type(other, "a/b");
  expect(other.value).toBe("a/b");
});

test("/ does nothing while a dialog is open", async () => {
  element("#delete-dialog").setAttribute("open", "");
  await userEvent.keyboard("/");
  expect(document.activeElement).not.toBe(field());
});

test("Escape clears the field and tells htmx so", async () => {
  await userEvent.type(field(), "fluid");
  let heard = 0;
  document.body.addEventListener("input", () => {
    heard += 1;
  });
  await userEvent.keyboard("{Escape}");
  expect(field().value).toBe("");
  expect(heard).toBe(1);
});
