import { expect, test } from "vitest";
import { type Group, KEYMAP, overlaps } from "./keymap";

const GROUPS: readonly Group[] = ["Move", "Select", "Change", "Go to", "More"];
const PLACES = {
  list: "the list",
  job: "a job’s page",
  jobs: "both",
  pages: "pages without the list",
  anywhere: "everywhere",
  search: "the search",
  field: "a field",
};

/** docs/keys.md, generated from the keymap. */
function keysPage(): string {
  const cell = (keys: string) =>
    keys
      .split(" ")
      .map(
        (stroke) =>
          `<kbd>${stroke.replace("Mod", "Ctrl/⌘").replace("Arrow", "").replaceAll("+", "</kbd> <kbd>")}</kbd>`,
      )
      .join(" then ");
  const tables = GROUPS.map((group) => {
    const rows = KEYMAP.filter((entry) => entry.group === group).map(
      ({ keys, label, when }) => `| ${keys.map(cell).join(" or ")} | ${label} | ${PLACES[when]} |`,
    );
    return `## ${group}\n\n| Keys | | Where |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  return `# Keyboard shortcuts

Generated from \`islands/src/keys/keymap.ts\`: a component test checks this page, and \`npx vitest run src/keys -u\` in
\`islands/\` updates it. In the dashboard, <kbd>?</kbd> shows the same list; there you can change shortcuts, swap them, and
turn single-key shortcuts off; <kbd>F1</kbd> still opens it then. Single keys do nothing in text fields and dialogs.

A number before a motion repeats it: <kbd>5</kbd> <kbd>j</kbd> moves five jobs down. Keys are found by the character that
they type, and else by their position, so that they work on Cyrillic, Greek and other layouts. At the end of a page, one
more <kbd>j</kbd> or <kbd>k</kbd> says what follows, and a second one opens that page. Keys pressed while another page is
loading act on its jobs.

While you type in the search, it suggests filters, their values, dates and recent searches, and so does the empty field.
Nothing is chosen until you choose it: <kbd>Enter</kbd> searches. <kbd>Down</kbd> and <kbd>Up</kbd> move through the
suggestions, <kbd>Enter</kbd> or <kbd>Tab</kbd> takes the marked one, <kbd>Tab</kbd> also the only one, and <kbd>Escape</kbd>
closes them. <kbd>Alt</kbd> <kbd>Down</kbd> opens them anywhere in the text. Without suggestions, <kbd>Down</kbd> leads to the
results, <kbd>Tab</kbd> to the next control, and <kbd>Escape</kbd> out of the field.

A job that has a status already is left alone when the status is set again. After a job was created,
<kbd>Escape</kbd> in the name field goes to it. The commands that copy or export act on the selected jobs, or on the cursor’s.

${tables.join("\n")}`;
}

test("the documentation lists exactly these shortcuts", async () => {
  await expect(keysPage()).toMatchFileSnapshot("../../../docs/keys.md");
});

test("no key runs two commands in one place, and none is a prefix of another", () => {
  const conflicts = KEYMAP.flatMap((one) =>
    KEYMAP.filter((other) => other.id !== one.id && overlaps(one, other)).flatMap((other) =>
      one.keys.filter((keys) => other.keys.some((theirs) => `${theirs} `.startsWith(`${keys} `))),
    ),
  );
  expect(conflicts).toEqual([]);
});

test("every command has a unique id and a label", () => {
  expect(new Set(KEYMAP.map(({ id }) => id)).size).toBe(KEYMAP.length);
  expect(KEYMAP.filter(({ label }) => label === "")).toEqual([]);
});

test("deletion needs Shift", () => {
  expect(KEYMAP.find(({ id }) => id === "delete")?.keys).toEqual(["Shift+d"]);
});
