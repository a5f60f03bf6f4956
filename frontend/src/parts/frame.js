// The frame of one recording on the screen.
import { $, copyOf, within } from "./page.js";
import { dayAndTime } from "./times.js";

/**
 * With a visible line over the picture that says who looks, when and under which case.
 * @param {import("./told.js").Opening} opening
 */
export function frameOf(opening) {
  const element = copyOf($("#film", HTMLTemplateElement));
  const { line = "" } = $("#films").dataset;
  const over = within(element, ".over-picture");
  const draw = () => { over.textContent = `${line} · ${dayAndTime()}`; };
  setInterval(draw, 1000);
  draw();
  within(element, "video").setAttribute("aria-label", `Opname ${opening.recording}`);
  const copy = opening.clips.some((clip) => clip.is_copy) ? ", kijkkopie" : "";
  const clock = opening.clock_known ? "" : ", de klok van de camera is niet gemeten";
  within(element, ".about").textContent = `Opname ${opening.recording}${copy}${clock}`;
  within(element, ".choose").textContent = `Geluid en markeringen van ${opening.recording}`;
  $("#films").append(element);
  return element;
}
