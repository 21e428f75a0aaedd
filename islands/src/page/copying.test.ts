import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { element } from "../testing/page";
import { wireCopying } from "./copying";

const button = () => element("button");
let copied: string[];

beforeAll(wireCopying);
beforeEach(() => {
  copied = [];
  document.body.innerHTML = `<code id="copy-id">12</code><button type="button" data-copy="copy-id">Copy id</button>
    <div id="announcer"></div>`;
  clipboard(async (text) => void copied.push(text));
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function clipboard(writeText: (text: string) => Promise<void>): void {
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
}

async function press(): Promise<void> {
  button().click();
  await vi.advanceTimersByTimeAsync(0);
}

test("the text is copied, and the button and the announcer confirm it", async () => {
  await press();
  expect(copied).toEqual(["12"]);
  expect(button().textContent).toBe("Copied");
  await vi.advanceTimersByTimeAsync(150);
  expect(element("#announcer").textContent).toBe("Copied 12");
  await vi.advanceTimersByTimeAsync(4000);
  expect(button().textContent).toBe("Copy id");
});

test("pressed repeatedly, the button still gets its label back", async () => {
  await press();
  await vi.advanceTimersByTimeAsync(3000);
  await press();
  await vi.advanceTimersByTimeAsync(3000);
  expect(button().textContent).toBe("Copied");
  await vi.advanceTimersByTimeAsync(1000);
  expect(button().textContent).toBe("Copy id");
  expect(copied).toEqual(["12", "12"]);
});

test.each([
  ["refuses", () => clipboard(() => Promise.reject(new DOMException("no", "NotAllowedError")))],
  ["is missing", () => vi.stubGlobal("navigator", { ...navigator, clipboard: undefined })],
])("if the clipboard %s, the text is selected and copied with execCommand", async (_, arrange) => {
  arrange();
  document.execCommand = () => true;
  await press();
  expect(getSelection()?.toString()).toBe("12");
  expect(button().textContent).toBe("Copied");
});

test("if copying is denied, the text is selected for the keyboard", async () => {
  clipboard(() => Promise.reject(new DOMException("no", "NotAllowedError")));
  document.execCommand = () => false;
  await press();
  expect(getSelection()?.toString()).toBe("12");
  expect(button().textContent).toBe("Selected");
  await vi.advanceTimersByTimeAsync(150);
  expect(element("#announcer").textContent).toContain("Press Ctrl+C or ⌘C");
});
