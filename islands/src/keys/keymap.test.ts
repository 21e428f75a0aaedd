import { expect, test } from "vitest";
import { type Group, KEYMAP, meet } from "./keymap";

const GROUPS: readonly Group[] = ["Move", "Select", "Change", "Go to", "More"];
const PLACES = {
  list: "the list",
  job: "a job’s page",
  jobs: "both",
  anywhere: "everywhere",
  search: "the search",
  field: "a field",
};

/** The keys for people, as the documentation prints them. */
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
  return `# Keys

Made from \`islands/src/keys/keymap.ts\`; the component tests compare it, and \`npx vitest run src/keys -u\` in
\`islands/\` writes it anew. <kbd>?</kbd> shows the same in the dashboard, where each key can be changed and all single
keys be switched off. They do nothing while you type, and nothing in dialogs.

${tables.join("\n")}`;
}

test("the documentation lists exactly these keys", async () => {
  await expect(keysPage()).toMatchFileSnapshot("../../../docs/keys.md");
});

test("no key means two things in one place, and none is the beginning of another", () => {
  const clashes = KEYMAP.flatMap((one) =>
    KEYMAP.filter((other) => other.id !== one.id && meet(one, other)).flatMap((other) =>
      one.keys.filter((keys) => other.keys.some((theirs) => `${theirs} `.startsWith(`${keys} `))),
    ),
  );
  expect(clashes).toEqual([]);
});

test("every command has a name of its own and says what it does", () => {
  expect(new Set(KEYMAP.map(({ id }) => id)).size).toBe(KEYMAP.length);
  expect(KEYMAP.filter(({ label }) => label === "")).toEqual([]);
});

test("what destroys needs Shift", () => {
  expect(KEYMAP.find(({ id }) => id === "delete")?.keys).toEqual(["Shift+d"]);
});
