/* What can be shown and compared: candidates of the result, and structures sampled from the map. */
import type {Data, Grid, Pick} from "./api";

export interface Item {
  key: string; /* "3": rank 3; "s2.5": the fifth of the second sampling */
  title: string; type: string; shape: string; n_atoms: number; rw: number; bond: number; group: number | null;
  calc: number[] | null; /* on the fine grid */
  xyz: number[] | null;
  place?: [number, number]; /* on the map, of a sample */
}

export const MAX_SHOWN = 4;

export const itemOfPick = (pick: Pick, key = String(pick.rank), title = `${pick.rank}`): Item => ({
  key, title, type: pick.type, shape: pick.shape, n_atoms: pick.n_atoms, rw: pick.rw, bond: pick.bond_length, group: pick.group,
  calc: pick.calc, xyz: pick.xyz,
});

export interface Curves {fit: Grid; fine: Grid}
export const curvesOf = (data: Data): Curves => ({fit: data.fit, fine: data.fine});

export const describe = (item: Item) => `${item.shape || item.type}, ${item.n_atoms} atoms, Rw ${item.rw.toFixed(4)}`;

/* Plain xyz for a structure that has no file on the server. */
export function xyzText(item: Item, element: string): string {
  const lines = [`${item.n_atoms}`, `type=${item.type} rw=${item.rw} bond_length=${item.bond}`];
  for (let i = 0; i < item.xyz!.length; i += 3) lines.push([element, ...item.xyz!.slice(i, i + 3).map(v => v.toFixed(4))].join(" "));
  return lines.join("\n") + "\n";
}
