/** What else people type for a command, by its label. A label may match several lines. */
const SYNONYMS: readonly (readonly [label: RegExp, words: string])[] = [
  [/^set to /i, "mark change status"],
  [/^delete/i, "remove trash"],
  [/^undo/i, "revert restore back"],
  [/^redo/i, "repeat again"],
  [/^create/i, "new add"],
  [/^rename/i, "name edit"],
  [/^copy/i, "clipboard share"],
  [/^open job/i, "show details"],
  [/^next|down$/i, "following forward"],
  [/^previous|up$/i, "prior before"],
  [/^first page/i, "newest start top beginning"],
  [/^last page/i, "oldest end bottom"],
  [/select/i, "check mark pick"],
  [/^clear selection/i, "unselect deselect none"],
  [/without filters|^clear all/i, "reset home"],
  [/^jobs$/i, "list table home"],
  [/^changes$/i, "activity chart history"],
  [/^api/i, "documentation docs rest openapi"],
  [/^search$/i, "find filter"],
  [/^how to filter/i, "help search syntax query"],
  [/shortcuts/i, "help hotkeys keys"],
  [/^sort by/i, "order ordering"],
  [/newest first/i, "latest recent descending"],
  [/oldest first/i, "ascending earliest"],
  [/a to z/i, "alphabetical ascending"],
  [/z to a/i, "reverse descending"],
  [/highest first|longest first/i, "descending"],
  [/lowest first|shortest first/i, "ascending"],
  [/per page$/i, "size limit rows"],
  [/^export/i, "download save file spreadsheet"],
  [/^theme/i, "color colour appearance mode"],
  [/^rows/i, "density spacing"],
  [/compact$/i, "dense small"],
  [/comfortable$/i, "large roomy"],
  [/zone/i, "timezone tz clock"],
  [/column/i, "field table"],
  [/^chart/i, "activity graph range period"],
  [/live updates$/i, "refresh reload polling auto"],
  [/recent/i, "history forget"],
];

export function synonymsOf(label: string): string {
  return SYNONYMS.filter(([pattern]) => pattern.test(label))
    .map(([, words]) => words)
    .join(" ");
}
