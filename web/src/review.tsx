/* Files before they are solved: what was read, with fields to correct it. Only what was changed is sent. */
import * as api from "./api";

export interface Pending {key: number; file: File; settings: Record<string, string>; found?: api.Inspected; error?: string}

const headerFields: [string, string, string][] = [
  ["element", "Element", "text"], ["qmin", "Qmin (1/Å)", "number"], ["qmax", "Qmax (1/Å)", "number"], ["qdamp", "Qdamp (1/Å)", "number"],
  ["fit-rmin", "Fit from (Å)", "number"], ["fit-rmax", "to (Å)", "number"],
];
const searchFields: Record<string, string> = {"max-atoms": "Largest (atoms)", samples: "Structures generated", sigma: "Their spread (σ)", "biso-min": "Biso from (Å²)", "biso-max": "to (Å²)"};

function Thumbnail({curve}: {curve: api.Inspected["curve"]}) {
  const high = Math.max(...curve.g), low = Math.min(...curve.g), n = curve.g.length;
  const points = curve.g.map((g, i) => `${(200 * i / (n - 1)).toFixed(1)},${(52 - 50 * (g - low) / (high - low)).toFixed(1)}`).join(" ");
  return <svg class="thumbnail" viewBox="0 0 200 54" preserveAspectRatio="none" aria-hidden="true"><polyline points={points} /></svg>;
}

function fromHeader(found: api.Inspected, name: string): string {
  if (name === "element") return found.header.element ?? "not in the header";
  return String(+found.used[name as keyof api.Inspected["used"]].toFixed(3));
}

function Field({each, name, label, kind, hint, update}: {
  each: Pending; name: string; label: string; kind: string; hint: string; update: (settings: Record<string, string>) => void;
}) {
  return (
    <label>{label}
      <input type="text" inputMode={kind === "text" ? "text" : "decimal"} size={7} name={name} placeholder={hint} autocomplete="off" spellcheck={false}
        value={each.settings[name] ?? ""} onInput={event => update({...each.settings, [name]: event.currentTarget.value})} />
    </label>
  );
}

function Card({each, about, update, remove, solve}: {
  each: Pending; about: api.About | null; update: (settings: Record<string, string>) => void; remove: () => void; solve: () => void;
}) {
  const {found} = each;
  const text = (name: string) => each.settings[name] ?? "";
  const choose = (name: string, options: [string, string][]) => (
    <select value={text(name)} name={name} onChange={event => update({...each.settings, [name]: event.currentTarget.value})}>
      {options.map(([value, label]) => <option value={value} key={value}>{label}</option>)}
    </select>
  );
  return (
    <li class="card">
      <div class="cardhead"><b>{each.file.name}</b>
        <button type="button" class="quiet" onClick={remove} aria-label={`Take ${each.file.name} away`}>×</button></div>
      {each.error && <p class="bad" role="alert">{each.error}</p>}
      {!found && !each.error && <p class="soft">reading …</p>}
      {found && <>
        <Thumbnail curve={found.curve} />
        <p class="soft">{found.points} points, {found.rmin} to {found.rmax} Å{found.header.dialect ? `, ${found.header.dialect}` : ""}
          {found.header.composition ? `, composition ${found.header.composition}` : ""}</p>
        <div class="fields">
          {headerFields.map(([name, label, kind]) =>
            <Field key={name} {...{each, name, label, kind, update}} hint={fromHeader(found, name)} />)}
        </div>
        {found.assumed.length > 0 && <ul class="notes">{found.assumed.map(note => <li key={note}>{note}</li>)}</ul>}
        <details><summary>Search</summary>
          <div class="fields">
            <label>Shapes {choose("catalogue", [["", "around the size seen"], ["paper", "published only"], ["full", "all sizes"]])}</label>
            <label>Methods {choose("methods", [["", "all"], ["library", "library only"], ["generate", "model only"]])}</label>
            {(about?.settings ?? []).filter(setting => setting.name in searchFields).map(setting =>
              <Field key={setting.name} name={setting.name} label={searchFields[setting.name]} kind={setting.kind} hint={String(setting.default ?? "")} {...{each, update}} />)}
          </div>
        </details>
        <button type="button" class="main" onClick={solve}>Solve</button>
      </>}
    </li>
  );
}

export function Review({pending, about, update, remove, solve}: {
  pending: Pending[]; about: api.About | null; update: (key: number, change: Partial<Pending>) => void; remove: (key: number) => void;
  solve: (which: Pending[]) => void;
}) {
  const ready = pending.filter(each => each.found);
  return (
    <section class="review" aria-labelledby="review-title">
      <h2 id="review-title">Before solving <small>grey values were read from the file or its data; type over them to correct them</small></h2>
      <ul class="cards">
        {pending.map(each => <Card key={each.key} each={each} about={about} remove={() => remove(each.key)} solve={() => solve([each])}
          update={settings => update(each.key, {settings})} />)}
      </ul>
      {ready.length > 1 && <button type="button" class="main" onClick={() => solve(ready)}>Solve all {ready.length}</button>}
    </section>
  );
}
