/** What every page loads first: htmx and small behaviours. React comes later, when an island asks for it. */
import { createJobIsland } from "./create-job/island";
import { jobStatusIsland } from "./job-status/island";
import { bringLater } from "./later";
import { wireLive } from "./live-later";
import { wireBanner } from "./page/banner";
import { wireDeleteDialog } from "./page/delete-dialog";
import { wireHtmx } from "./page/htmx";
import { wireIslandFailures } from "./page/island-failures";
import { wireRestored } from "./page/restored";
import { wireSearchKeys } from "./page/search-keys";
import { wireSearchText } from "./page/search-text";
import { ISLAND_FAILED } from "./runtime/definition";
import { firstPaint } from "./runtime/first-paint";
import { defineIsland } from "./runtime/registry";
import { bringSurroundings } from "./surroundings";

/** Keys, selection and undo come when the page can be read. */
function operate(): void {
  firstPaint()
    .then(() => import("./operate/start"))
    .then(({ start }) => start())
    .catch((error: unknown) => {
      console.error(error);
      document.dispatchEvent(new CustomEvent(ISLAND_FAILED, { detail: { retry: operate } }));
    });
}

wireBanner();
wireHtmx();
wireDeleteDialog();
wireSearchKeys();
wireSearchText();
wireRestored();
wireIslandFailures();
bringLater();
wireLive();
defineIsland(createJobIsland);
defineIsland(jobStatusIsland);
bringSurroundings();
operate();
