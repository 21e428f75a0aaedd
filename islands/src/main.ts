/** Loaded by every page: htmx and small behaviors. An island loads React when it mounts. */
import { createJobIsland } from "./create-job/island";
import { loadDeferred } from "./deferred";
import { jobStatusIsland } from "./job-status/island";
import { wireBanner } from "./page/banner";
import { wireComposition } from "./page/composition";
import { wireDeleteDialog } from "./page/delete-dialog";
import { wireHistory } from "./page/history";
import { wireHtmx } from "./page/htmx";
import { wireIslandFailures } from "./page/island-failures";
import { wireRestored } from "./page/restored";
import { wireSearchText } from "./page/search-text";
import { wireTyping } from "./page/typing";
import { defineIsland } from "./runtime/registry";

wireBanner();
wireHtmx();
wireDeleteDialog();
wireHistory();
wireTyping();
wireComposition();
wireSearchText();
wireRestored();
wireIslandFailures();
defineIsland(createJobIsland);
defineIsland(jobStatusIsland);
loadDeferred();
