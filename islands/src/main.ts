/** What every page loads first: htmx and small behaviours. React comes later, when an island asks for it. */
import { createJobIsland } from "./create-job/island";
import { jobStatusIsland } from "./job-status/island";
import { wireLive } from "./live-later";
import { wireBanner } from "./page/banner";
import { wireChanges } from "./page/changes";
import { wireDeleteDialog } from "./page/delete-dialog";
import { wireHtmx } from "./page/htmx";
import { wireIslandFailures } from "./page/island-failures";
import { wireRestored } from "./page/restored";
import { wireSearchKeys } from "./page/search-keys";
import { defineIsland } from "./runtime/registry";

wireBanner();
wireHtmx();
wireDeleteDialog();
wireChanges();
wireSearchKeys();
wireRestored();
wireIslandFailures();
wireLive();
defineIsland(createJobIsland);
defineIsland(jobStatusIsland);
