/* The ranked candidates, and below the same for samples: which fit is shown, which structures, files. */
import {useState} from "preact/hooks";
import * as api from "./api";
import {MAX_SHOWN, xyzText, type Item} from "./items";
import {download, shapeOf, withEsd} from "./text";

type Key = "rank" | "type" | "n_atoms" | "rw" | "group" | "bond_length" | "biso";
const FIRST_ROWS = 15;

export interface TableProps {
  jobId: number; types: api.TypeMark[]; candidates: api.Candidate[]; shown: string[]; fitKey: string; otherKey: string; hasCurve: (key: string) => boolean;
  toggle: (key: string) => void; setFit: (key: string) => void; setOther: (key: string) => void;
}

export function Mark({types, type}: {types: api.TypeMark[]; type: string}) {
  const mark = types.find(each => each.name === type);
  return mark ? <svg class="mark" viewBox="-1 -1 2 2" aria-hidden="true"><path d={mark.path} fill={mark.colour} /></svg> : null;
}

function Choices({id, label, props}: {id: string; label: string; props: TableProps}) {
  const {shown, fitKey, otherKey, hasCurve, toggle, setFit, setOther} = props;
  const full = shown.length >= MAX_SHOWN && !shown.includes(id);
  return (
    <>
      <td class="c"><input type="radio" name="fit" checked={fitKey === id} disabled={!hasCurve(id)} onChange={() => setFit(id)} aria-label={`Show the fit of ${label}`} /></td>
      <td class="c"><input type="checkbox" checked={otherKey === id} disabled={!hasCurve(id) || fitKey === id} onChange={() => setOther(otherKey === id ? "" : id)}
        aria-label={`Compare with the fit of ${label}`} /></td>
      <td class="c"><input type="checkbox" checked={shown.includes(id)} disabled={full} title={full ? `at most ${MAX_SHOWN} at once` : undefined} onChange={() => toggle(id)}
        aria-label={`Show the structure of ${label}`} /></td>
    </>
  );
}

export function CandidateTable(props: TableProps) {
  const {jobId, types, candidates} = props;
  const [sort, setSort] = useState<{key: Key; down: boolean}>({key: "rank", down: false}), [all, setAll] = useState(false);
  const rows = [...candidates].sort((a, b) => {
    const x = a[sort.key], y = b[sort.key], order = x < y ? -1 : x > y ? 1 : a.rank - b.rank;
    return sort.down ? -order : order;
  });
  const visible = all ? rows : rows.slice(0, FIRST_ROWS);
  const head = (key: Key, label: preact.ComponentChildren, numeric = true) => (
    <th scope="col" class={numeric ? "n" : ""} aria-sort={sort.key === key ? (sort.down ? "descending" : "ascending") : undefined}>
      <button type="button" onClick={() => setSort({key, down: sort.key === key && !sort.down})}>{label}</button></th>);
  return (
    <>
      <div class="wide"><table class="candidates">
        <thead><tr>
          {head("rank", "Rank")}<th scope="col" class="c">Fit</th><th scope="col" class="c">Compare</th><th scope="col" class="c">3-D</th>
          {head("type", "Type", false)}<th scope="col">Shape</th>{head("n_atoms", "Atoms")}{head("rw", <><i>R</i><sub>w</sub></>)}{head("group", "Group")}
          {head("bond_length", "Bond (Å)")}{head("biso", <><i>B</i><sub>iso</sub> (Å²)</>)}<th scope="col">Method</th><th scope="col">Files</th>
        </tr></thead>
        <tbody>
          {visible.map(row => (
            <tr key={row.rank} class={row.group % 2 ? "" : "odd"}>
              <td class="n">{row.rank}</td><Choices id={String(row.rank)} label={`rank ${row.rank}`} props={props} />
              <td><Mark types={types} type={row.type} />{row.type}</td><td class="shape">{row.shape || row.name.replace(/, [0-9a-f]{8}$/, "")}</td>
              <td class="n">{row.n_atoms}</td><td class="n">{row.rw.toFixed(4)}</td><td class="n">{row.group}</td>
              <td class="n">{withEsd(row.bond_length, row.esd.bond_length, 4)}</td><td class="n">{withEsd(row.biso, row.esd.biso, 3)}</td><td>{row.method}</td>
              <td class="files">{["xyz", "cif", "stru"].map(ending => <a key={ending} href={`/api/jobs/${jobId}/candidates/${row.rank}.${ending}`} download>{ending}</a>)}</td>
            </tr>))}
        </tbody>
      </table></div>
      {rows.length > FIRST_ROWS && <button type="button" onClick={() => setAll(!all)}>{all ? "Fewer" : `All ${rows.length} with structures`}</button>}
    </>
  );
}

export function SampleTable({props, samples, element, clear}: {props: TableProps; samples: Item[]; element: string; clear: () => void}) {
  const [all, setAll] = useState(false);
  const rows = [...samples].sort((a, b) => a.rw - b.rw), visible = all ? rows : rows.slice(0, 10);
  return (
    <>
      <h3>Sampled from the map <small>{rows.length} structures, fitted like the candidates</small></h3>
      <div class="wide"><table class="candidates samples">
        <thead><tr><th scope="col">Sample</th><th scope="col" class="c">Fit</th><th scope="col" class="c">Compare</th><th scope="col" class="c">3-D</th><th scope="col">Type</th>
          <th scope="col" class="n">Atoms</th><th scope="col" class="n"><i>R</i><sub>w</sub></th><th scope="col" class="n">Bond (Å)</th><th scope="col" class="n">Place</th><th scope="col">File</th></tr></thead>
        <tbody>
          {visible.map(row => (
            <tr key={row.key}>
              <td>{row.title}</td><Choices id={row.key} label={`sample ${row.title}`} props={props} />
              <td><Mark types={props.types} type={row.type} />{shapeOf(row)}</td><td class="n">{row.n_atoms}</td><td class="n">{row.rw.toFixed(4)}</td>
              <td class="n">{row.bond.toFixed(4)}</td><td class="n">{row.place?.map(v => v.toFixed(2)).join(", ")}</td>
              <td class="files"><button type="button" class="link" onClick={() => download(`sample-${row.title}-${row.type}-${row.n_atoms}.xyz`, xyzText(row, element))}>xyz</button></td>
            </tr>))}
        </tbody>
      </table></div>
      <p>{rows.length > 10 && <button type="button" onClick={() => setAll(!all)}>{all ? "Fewer" : `All ${rows.length}`}</button>} <button type="button" onClick={clear}>Clear</button></p>
    </>
  );
}
