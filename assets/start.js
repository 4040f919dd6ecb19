// Starts the design system's own behaviours: menu, error summary, character count, double clicks.
// Every page works without it.
import { initAll } from "./nhsuk-frontend.min.js";

initAll();

// The menu measures its words once. Where our letters arrive after that, they are wider than what was measured, and the
// page would scroll sideways: so it is told to measure again, the way it is told of a window's new size.
document.fonts.addEventListener("loadingdone", () => window.dispatchEvent(new Event("resize")));
document.fonts.ready.then(() => window.dispatchEvent(new Event("resize")));

// A filter that stands above its list on a narrow window is shut there, so that the list is seen first. It opens at a tap.
for (const filter of document.querySelectorAll("details.desk-filter-shell")) {
  if (window.matchMedia("(max-width: 1199px)").matches && !filter.querySelector(".nhsuk-form-group--error")) filter.open = false;
}

// Whoever writes is not away: typing counts as a page, once in five minutes at most. Whoever does nothing is told five
// minutes before they are signed out, and one press keeps them. Whoever is signed out already is told that too.
const leaving = document.getElementById("leaving");
if (leaving) {
  const most = Number(leaving.dataset.after) * 1000;
  const ahead = 5 * 60 * 1000;
  let touched = Date.now();
  const tell = (words, ...more) => {
    const line = document.createElement("p");
    line.textContent = words;
    leaving.replaceChildren(line, ...more);
  };
  const touch = async () => {
    touched = Date.now();
    const asked = { method: "HEAD", redirect: "manual", cache: "no-store" };
    const answer = await fetch(leaving.dataset.touch, asked).catch(() => null);
    if (answer && answer.ok) leaving.replaceChildren();
    else if (answer) tell(leaving.dataset.gone);
  };
  document.addEventListener("input", () => {
    if (Date.now() - touched > ahead) touch();
  });
  setInterval(() => {
    if (leaving.hasChildNodes() || Date.now() - touched < most - ahead) return;
    const stay = document.createElement("button");
    stay.className = "nhsuk-button nhsuk-button--small";
    stay.textContent = leaving.dataset.stay;
    stay.addEventListener("click", touch);
    tell(leaving.dataset.words, stay);
  }, 5000);
}
