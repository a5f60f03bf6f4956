// Moments as people read them, wherever the computer thinks it is.
/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");
const HERE = { timeZone: "Europe/Amsterdam" };

/**
 * Seconds as 1:02:03 or 2:03.
 * @param {number} seconds
 */
export function clockTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/**
 * Seconds since 1970 as the time of day.
 * @param {number} seconds
 */
export function timeOfDay(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString("nl-NL", HERE);
}

/** Now, as day and time. */
export function dayAndTime() {
  return new Date().toLocaleString("nl-NL", HERE);
}
