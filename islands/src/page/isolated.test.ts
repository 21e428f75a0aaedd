import { expect, test } from "vitest";
import { isolate } from "../api/names";
import { h } from "../dom";
import { isolatedNodes } from "./isolated";

test.each(["Wing", "evil \u202e override", "\u2069\u202e", "\u2066 open", "\u05e9\u05dc\u05d5\u05dd"])(
  "%j is one element of a text",
  (name) => {
    const text = h("p", {}, ...isolatedNodes(`Deleted ${isolate(name)} and ${isolate("\u202eB")}.`));
    const names = [...text.querySelectorAll("bdi")].map(({ textContent }) => textContent);
    expect(names.at(-1)).toBe("\u202eB");
    expect(names).toHaveLength(name === "Wing" ? 1 : 2);
    expect(
      [...text.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map(({ nodeValue }) => nodeValue),
    ).toEqual(name === "Wing" ? ["Deleted Wing and ", "."] : ["Deleted ", " and ", "."]);
  },
);
