/** Labels of commands that depend on the page, such as the names of views. */
import type { Command, CommandId } from "./keymap";

let find: (id: CommandId) => string | undefined = () => undefined;

/** The function returns undefined for a command that keeps its label, and "" for one that has nothing to do. */
export function setLabels(labels: (id: CommandId) => string | undefined): void {
  find = labels;
}

export function labelOf({ id, label }: Command): string {
  return find(id) ?? label;
}
