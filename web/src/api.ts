/* The server's JSON API (docs/api.md) with its types. */

export type State = "queued" | "running" | "done" | "failed" | "cancelled" | "interrupted";
export interface Verdict {
  kind: string; why: string; type: string; n_atoms: number; rw: number; bond_length: number; element: string; flags: string;
}
export interface Job {
  id: number; name: string; state: State; settings: Record<string, string>; created: number; started: number | null;
  finished: number | null; error: string | null; verdict: Verdict | null; ahead?: number;
  progress?: {stage: string; fraction: number; seconds: number};
}
export interface Setting {name: string; kind: "number" | "integer" | "text"; min: number; max: number; help: string; default: number | string | null}
export interface About {
  version: string; model: boolean; settings: Setting[];
  limits: {file_bytes: number; files: number; queue: number; samples: number; map_points: number};
}
export interface Inspected {
  name: string; error?: string; points: number; rmin: number; rmax: number;
  header: {dialect: string | null; composition: string | null; element: string | null; qmin: number | null; qmax: number | null; qdamp: number | null};
  used: Record<"qmin" | "qmax" | "qdamp" | "fit-rmin" | "fit-rmax", number>;
  assumed: string[]; curve: {rmin: number; rstep: number; g: number[]};
}
export interface Grid {rmin: number; rstep: number; data: number[]}
export interface Pick {
  rank: number; group: number; type: string; shape: string; name: string; n_atoms: number; rw: number; bond_length: number;
  calc: number[]; xyz: number[];
}
export interface TypeMark {name: string; colour: string; path: string}
export interface Latent {mean: [number, number]; sigma: [number, number]; x: number[]; y: number[]; type: number[]; n: number[]}
export interface Data {
  element: string; verdict_rank: number; types: TypeMark[]; fit: Grid; fine: Grid; picks: Pick[]; latent: Latent | null;
  map: {n: number[]; rw: number[]; type: number[]; rank: number[]; shape: string[]};
}
export interface Candidate {
  rank: number; method: string; type: string; shape: string; name: string; n_atoms: number; rw: number; scale: number; expansion: number;
  bond_length: number; biso: number; esd: Record<"scale" | "expansion" | "bond_length" | "biso", number | null>; group: number; xyz: string;
}
export interface Result {
  version: string; n_candidates: number; candidates: Candidate[]; verdict: {kind: string; flags: string[]; why: string};
  input: {points: number; rmin: number; rmax: number; rstep: number; qmin: number; qmax: number; qdamp: number; element: string | null; assumed: string[]};
  settings: Record<string, string | number | null>; timing_s: Record<string, number | null>;
}
export interface Cloud {x: number[]; y: number[]; type: number[]; n: number[]; structures: number}
export interface Samples {data: Data | null; places: Record<string, [number, number]>}

async function ask<T>(method: string, path: string, body?: BodyInit, type?: string, signal?: AbortSignal): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {method, body, signal, headers: type ? {"Content-Type": type} : undefined});
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error("The server does not answer. Is deepstruc serve still running?");
  }
  const value = await answer.json().catch(() => ({error: `the server answered ${answer.status}`}));
  if (!answer.ok) throw new Error(value.error);
  return value as T;
}

function form(files: File[], settings: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(settings)) if (value.trim()) data.append(name, value.trim());
  for (const file of files) data.append("file", file, file.name);
  return data;
}

export const fileAddress = (id: number, name: string, download = false) => `/api/jobs/${id}/files/${name}${download ? "?download=1" : ""}`;
export const about = () => ask<About>("GET", "/api");
export const inspect = (file: File) => ask<{files: Inspected[]}>("POST", "/api/inspect", form([file], {})).then(answer => answer.files[0]);
export const jobs = () => ask<{jobs: Job[]}>("GET", "/api/jobs").then(answer => answer.jobs);
export const submit = (file: File, settings: Record<string, string>) =>
  ask<{jobs: number[]}>("POST", "/api/jobs", form([file], settings)).then(answer => answer.jobs[0]);
export const cancel = (id: number) => ask("POST", `/api/jobs/${id}/cancel`);
export const again = (id: number) => ask<{jobs: number[]}>("POST", `/api/jobs/${id}/again`).then(answer => answer.jobs[0]);
export const forget = (id: number) => ask("DELETE", `/api/jobs/${id}`);
export const result = (id: number) => ask<Result>("GET", fileAddress(id, "result.json"));
export const data = (id: number) => ask<Data>("GET", fileAddress(id, "data.json"));
export const cloud = (id: number, n: number, sigma: number, focus: string, signal: AbortSignal) =>
  ask<Cloud>("GET", `/api/jobs/${id}/map?n=${n}&sigma=${sigma}${focus ? `&focus=${focus}` : ""}`, undefined, undefined, signal);
export const samples = (id: number, question: {places: [number, number][]; n: number; sigma: number; focus?: string; seed: number}) =>
  ask<Samples>("POST", `/api/jobs/${id}/samples`, JSON.stringify(question), "application/json");

/* Atoms of a candidate whose structure data.json does not hold. */
export async function structure(id: number, rank: number): Promise<number[]> {
  const answer = await fetch(`/api/jobs/${id}/candidates/${rank}.xyz`);
  if (!answer.ok) throw new Error("this structure has no file");
  return (await answer.text()).trim().split("\n").slice(2).flatMap(line => line.trim().split(/\s+/).slice(1, 4).map(Number));
}
