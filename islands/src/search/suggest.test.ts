import { expect, test } from "vitest";
import type { Grammar } from "./grammar";
import { type Suggestion, suggest } from "./suggest";

/** A field that the dashboard does not have, besides three that it has. */
const GRAMMAR: Grammar = {
  fields: [
    { name: "name", words: "part of a name" },
    {
      name: "status",
      words: "a status",
      synonyms: ["condition"],
      isList: true,
      values: [
        { value: "pending", synonyms: ["queued"], status: "PENDING" },
        { value: "running", status: "RUNNING" },
        { value: "completed", synonyms: ["done", "finished"], status: "COMPLETED" },
        { value: "failed", synonyms: ["broken"], status: "FAILED" },
      ],
    },
    {
      name: "created",
      words: "a time",
      values: [
        { value: "today", days: [0, 1, false] },
        { value: "last-week", days: [-7, 7, true] },
        { value: "<1h", words: "in the last hour" },
      ],
      amounts: [
        { value: "<#m", one: "in the last minute", many: "in the last # minutes" },
        { value: "<#h", one: "in the last hour", many: "in the last # hours" },
      ],
      dates: [
        { value: "#", words: "#" },
        { value: ">=#", words: "since #" },
        { value: ">#", words: "after #" },
      ],
    },
    { name: "length", words: "a length", values: [{ value: ">10", words: "more than 10 characters" }] },
  ],
  operators: [
    { value: "OR", words: "Either" },
    { value: "-", words: "Excludes" },
  ],
};
/** A Wednesday. */
const TODAY = { day: Date.UTC(2026, 10, 4), zone: "St Johns" };
const FIELDS = ["name:", "status:", "created:", "length:"];

/** `|` is the caret. */
function suggestionsFor(marked: string, { recent = [] as string[], isAsked = false } = {}): Suggestion[] {
  const caret = marked.indexOf("|");
  const text = marked.replace("|", "");
  return suggest({ text, caret, recent, today: TODAY, isAsked }, GRAMMAR);
}

function labels(marked: string, options?: Parameters<typeof suggestionsFor>[1]): string[] {
  return suggestionsFor(marked, options).map(({ label }) => label);
}

/** The text with the first suggestion in it. */
function completed(marked: string): string | undefined {
  const [first] = suggestionsFor(marked);
  const text = marked.replace("|", "");
  return first && text.slice(0, first.start) + first.text + text.slice(first.end);
}

const DAYS = [">=2026-11-01"];

test.each<[marked: string, labels: string[]]>([
  // fields
  ["|", [...FIELDS, "-"]],
  ["s|", ["status:"]],
  ["STA|", ["status:"]],
  ["stat|", ["status:"]],
  ["len|", ["length:"]],
  ["turbine cre|", ["created:"]],
  ["turbine cre| wing", ["created:"]],
  ["cr|eated:today", ["created:"]],
  ["created|:today", []],
  ["status|", ["status:"]],
  ["con|", ["status:"]],
  ["co|", ["status:completed"]],
  ["turbine|", []],
  ["turbine |", []],
  ["turbine | wing", []],
  // negation
  ["-|", ["-name:", "-status:", "-created:", "-length:"]],
  ["-st|", ["-status:"]],
  ["|-st", []],
  ["-status:f|", ["failed"]],
  ["-40|", []],
  ["turbine-s|", []],
  // values
  ["status:|", ["pending", "running", "completed", "failed"]],
  ["status: |turbine", []],
  ["status:| turbine", ["pending", "running", "completed", "failed"]],
  ["status:F|", ["failed"]],
  ["status:f|ai turbine", ["failed"]],
  ["condition:f|", ["failed"]],
  ["status:brok|", ["failed"]],
  ["status:fi|", ["completed"]],
  ["status:failed|", []],
  ["status:x|", []],
  ["Status:r|", ["running"]],
  ["other:r|", []],
  ["length:|", [">10"]],
  // lists
  ["status:failed,|", ["pending", "running", "completed"]],
  ["status:failed,r|", ["running"]],
  ["status:r|,failed", ["running"]],
  ["status:|,failed", ["pending", "running", "completed"]],
  ["status:failed,|,running", ["pending", "completed"]],
  ["created:<1h,|", []],
  // values of words
  ["fai|", ["status:failed"]],
  ["-fai|", ["-status:failed"]],
  ["done|", ["status:completed"]],
  ["don|", []],
  ["f|", []],
  ["toda|", ["created:today"]],
  // quotes
  ['"sta|', []],
  ['"sta|"', []],
  ['"a \\" sta|"', []],
  ['-"sta|', []],
  ['"thermal analysis" sta|', ["status:"]],
  ['"thermal" status:p|', ["pending"]],
  ['status:"fai|', []],
  ["“sta|”", []],
  // times
  ["created:|", ["today", "last-week", "<1h", ...DAYS]],
  ["created:l|", ["last-week"]],
  ["created:<|", ["<1h"]],
  ["created:<3|", ["<3m", "<3h"]],
  ["created:<3h|", []],
  ["created:<0|", []],
  ["created:>|", [">=2026-11-04", ">2026-11-04", ">=2026-11-02", ">2026-11-02", ">=2026-11-01", ">2026-11-01"]],
  ["created:>=|", [">=2026-11-04", ">=2026-11-02", ">=2026-11-01"]],
  ["created:2026-10|", ["2026-10-31", "2026-10-30", "2026-10-29", "2026-10-28", "2026-10-27"]],
  ["created:>=2026-11-03|", []],
  // operators
  ["turbine O|", ["OR"]],
  ["turbine or|", ["OR"]],
  ["O|", []],
  ["turbine OR|", []],
])("%s", (marked, expected) => {
  expect(labels(marked)).toEqual(expected);
});

test.each([
  ["turbine |", [...FIELDS, "OR", "-"]],
  ["| turbine", [...FIELDS, "-"]],
  ["turbine|", []],
])("when asked for: %s", (marked, expected) => {
  expect(labels(marked, { isAsked: true })).toEqual(expected);
});

test.each([
  ["sta|", "status:"],
  ["-sta| wing", "-status: wing"],
  ["cr|eated:today", "created:today"],
  ["condition:fai|", "condition:failed"],
  ["-status:f|ai,running wing", "-status:failed,running wing"],
  ["status:running,f|", "status:running,failed"],
  ["turbine fai|x wing", "turbine status:failed wing"],
  ["created:>=2026-11-0|", "created:>=2026-11-04"],
])("%s becomes %s", (marked, expected) => {
  expect(completed(marked)).toBe(expected);
});

test("words say which days a value means, and in which time zone", () => {
  const words = (marked: string) => suggestionsFor(marked).map(({ words: about }) => about);
  expect(words("created:t|")).toEqual(["Wed 4 Nov (St Johns)"]);
  expect(words("created:last|")).toEqual(["Mon 26 Oct – Sun 1 Nov (St Johns)"]);
  expect(words("created:>=2026-11-03|")).toEqual([]);
  expect(words("created:>=2026-11-0|")[0]).toBe("since Wed 4 Nov (St Johns)");
  expect(words("created:<1|")).toEqual(["in the last hour", "in the last minute"]);
  expect(words("created:<12|")).toEqual(["in the last 12 minutes", "in the last 12 hours"]);
  expect(words("length:|")).toEqual(["more than 10 characters"]);
});

test("recent searches are suggested while the field is empty, and those that begin with its text", () => {
  const recent = ["turbine status:failed", "Turbine", "wing"];
  expect(labels("|", { recent })).toEqual([...recent, ...FIELDS, "-"]);
  expect(labels("turb|", { recent })).toEqual(["turbine status:failed", "Turbine"]);
  expect(labels("turbine |", { recent })).toEqual(["turbine status:failed"]);
  expect(labels("tu|rb", { recent })).toEqual([]);
  const [first] = suggestionsFor("turb|", { recent });
  expect(first).toMatchObject({ text: "turbine status:failed", start: 0, end: 4, isRecent: true });
});

test("a value follows the name of a field, and a space everything else", () => {
  const isOpen = (marked: string) => suggestionsFor(marked, { isAsked: true }).map((each) => each.isOpen);
  expect(isOpen("sta|")).toEqual([true]);
  expect(isOpen("status:f|")).toEqual([false]);
  expect(isOpen("wing |").slice(-2)).toEqual([false, true]);
});
