// The frame of one recording on the screen.
import { $ } from "./page.js";
import { dayAndTime } from "./times.js";

/** With a visible line over the picture that says who looks, when and under which case. */
export function frameOf(opening) {
  const element = $("#film").content.firstElementChild.cloneNode(true);
  const { line } = $("#films").dataset;
  const over = element.querySelector(".over-picture");
  const draw = () => { over.textContent = `${line} · ${dayAndTime()}`; };
  setInterval(draw, 1000);
  draw();
  element.querySelector("video").setAttribute("aria-label", `Opname ${opening.recording}`);
  const copy = opening.clips.some((clip) => clip.is_copy) ? ", kijkkopie" : "";
  const clock = opening.clock_known ? "" : ", de klok van de camera is niet gemeten";
  element.querySelector(".about").textContent = `Opname ${opening.recording}${copy}${clock}`;
  element.querySelector(".choose").textContent = `Geluid en markeringen van ${opening.recording}`;
  $("#films").append(element);
  return element;
}
