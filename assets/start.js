// Starts the design system's own behaviours: menu, error summary, character count, double clicks.
// Every page works without it.
import { initAll } from "./nhsuk-frontend.min.js";

initAll();
