/* Numbers and names as people read them. */

/* "2.856(4)": the standard deviation in units of the last digit. */
export function withEsd(value: number | null, esd: number | null | undefined, decimals: number): string {
  if (value === null || !isFinite(value)) return "–";
  if (!esd || !isFinite(esd)) return value.toFixed(decimals);
  const places = Math.min(5, Math.max(0, Math.ceil(-Math.log10(esd))));
  return `${value.toFixed(places)}(${Math.round(esd * 10 ** places)})`;
}

export const shapeOf = (item: {shape: string; type: string}) => item.shape || item.type;
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function since(seconds: number | null): string {
  if (seconds === null) return "";
  const when = new Date(seconds * 1000), today = new Date();
  const time = when.toLocaleTimeString([], {hour: "2-digit", minute: "2-digit"});
  return when.toDateString() === today.toDateString() ? time : `${when.toLocaleDateString()} ${time}`;
}

export function download(name: string, text: string) {
  const address = URL.createObjectURL(new Blob([text], {type: "text/plain"}));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
