/** Captures a new shortcut for a command: one key, or two keys pressed one after the other. */
import { isComposing } from "../composing";
import { canSwapKeys, rebind, swapKeys } from "./bindings";
import { type Command, type CommandId, command } from "./keymap";
import { isCharacter, keysText, strokeOf } from "./strokes";

const MAX_STROKES = 2;
/** Time for the second key of a sequence. Enter ends it. */
const NEXT_STROKE_MS = 1_000;

/** What the dialog shows about a capture. */
export interface Report {
  text: string;
  /** The shortcut has been changed. */
  changed?: true;
  /** Swaps the shortcuts with the command that has the captured one. */
  swap?: () => Report;
}

export class Capture {
  private strokes: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly id: CommandId,
    private readonly report: (report: Report) => void,
    private readonly end: () => void,
  ) {
    report({ text: "Press the new key, or two keys one after the other. Esc cancels." });
  }

  stop(): void {
    clearTimeout(this.timer);
    this.end();
  }

  /** Handles every key except Tab, which leaves the button. */
  onKey(event: KeyboardEvent): void {
    const stroke = isComposing(event) ? undefined : strokeOf(event);
    if (stroke === undefined || stroke === "Tab" || stroke === "Shift+Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    if (stroke === "Escape") this.finish({ text: "Shortcut unchanged." });
    else if (stroke === "Enter" && this.strokes.length > 0) this.assign();
    else if (!isCharacter(stroke)) this.finish({ text: "Use a letter, digit or symbol." });
    else this.add(stroke);
  }

  private add(stroke: string): void {
    this.strokes.push(stroke);
    clearTimeout(this.timer);
    if (this.strokes.length === MAX_STROKES) {
      this.assign();
      return;
    }
    this.report({ text: `${keysText(stroke)}: press a second key now, or Enter to use it alone.` });
    this.timer = setTimeout(() => this.assign(), NEXT_STROKE_MS);
  }

  private assign(): void {
    this.finish(assign(this.id, this.strokes.join(" ")));
  }

  private finish(report: Report): void {
    this.stop();
    this.report(report);
  }
}

function assign(id: CommandId, keys: string): Report {
  const conflicts = rebind(id, keys);
  if (conflicts.length === 0) return { text: `“${command(id).label}” is now ${keysText(keys)}.`, changed: true };
  const text = conflictText(keys, conflicts);
  return canSwapKeys(id, keys) ? { text, swap: () => swap(id, keys, conflicts) } : { text };
}

function swap(id: CommandId, keys: string, others: readonly Command[]): Report {
  swapKeys(id, keys);
  return { text: `“${command(id).label}” is now ${keysText(keys)}, swapped with ${labels(others)}.`, changed: true };
}

function conflictText(keys: string, conflicts: readonly Command[]): string {
  return `${keysText(keys)} is already used by ${labels(conflicts)}.`;
}

function labels(commands: readonly Command[]): string {
  const [first, ...others] = commands.map(({ label }) => `“${label}”`);
  return others.length > 0 ? `${first} and ${others.length} more` : `${first}`;
}
