/** An item of the palette: a command, a control of the page, a job or a search. */
import type { StatusType } from "../api/types";

export interface PaletteItem {
  /** Identifies the item while the list changes around it. */
  key: string;
  group: string;
  label: string;
  /** A user's text after the label. It may be in any direction, and is never translated. */
  text?: string;
  /** Secondary text. */
  note?: string;
  /** The status whose icon is shown. */
  status?: StatusType;
  keys?: string;
  /** The command that the item stands for, so that it is not listed too. */
  replaces?: string;
  /** Words that find the item, besides those of its label. */
  words?: string;
  /** Acts on the selected jobs, or on the cursor's. */
  isForJobs?: boolean;
  /** Acts on the selected jobs, so of equally good matches it is the first. */
  isForSelection?: boolean;
  run: () => void;
}
