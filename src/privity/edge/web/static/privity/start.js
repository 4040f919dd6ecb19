// Starts the design system's own behaviours: menu, error summary, character count, double clicks.
// Every page works without it.
import { initAll } from "./nhsuk-frontend.min.js";

initAll();

// The menu measures its words once. Where our letters arrive after that, they are wider than what was measured, and the
// page would scroll sideways: so it is told to measure again, the way it is told of a window's new size.
document.fonts.addEventListener("loadingdone", () => window.dispatchEvent(new Event("resize")));
document.fonts.ready.then(() => window.dispatchEvent(new Event("resize")));

// A filter that stands above its list on a narrow window is shut there, so that the list is seen first. It opens at a tap.
for (const filter of document.querySelectorAll("details[data-shut-when-narrow]")) {
  if (window.matchMedia("(max-width: 1199px)").matches && !filter.querySelector(".nhsuk-form-group--error")) filter.open = false;
}
