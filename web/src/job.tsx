/* One job: while it runs its progress, afterwards its result. */
import {lazy, Suspense} from "preact/compat";
import {useEffect, useMemo, useState} from "preact/hooks";
import * as api from "./api";
import {Progress} from "./history";
import {curvesOf, itemOfPick, MAX_SHOWN, type Item} from "./items";
import {LatentMap, SizeMap} from "./maps";
import {CandidateTable, SampleTable, type TableProps} from "./table";
import {capital} from "./text";
import {Viewers} from "./viewers";

const FitPlot = lazy(() => import("./fit").then(module => module.FitPlot));

export function JobView({job, about, act}: {job: api.Job; about: api.About | null; act: (action: Promise<unknown>) => void}) {
  if (job.state === "done") return <Solved job={job} about={about} act={act} />;
  const active = job.state === "queued" || job.state === "running";
  return (
    <section class="pending">
      <h1 class={job.state}>{job.name}</h1>
      {job.state === "running" && <div class="running"><Progress job={job} /></div>}
      {job.state === "queued" && <p>{job.ahead ? `Waits; ${job.ahead} before it.` : "Waits; it is the next."}</p>}
      {job.state === "failed" && <p class="bad" role="alert">{job.error}</p>}
      {job.state === "interrupted" && <p class="bad" role="alert">Interrupted: {job.error}.</p>}
      {job.state === "cancelled" && <p>Cancelled.</p>}
      <p>{active ? <button type="button" onClick={() => act(api.cancel(job.id))}>Cancel</button>
        : <button type="button" class="main" onClick={() => act(api.again(job.id))}>Solve again</button>}</p>
    </section>
  );
}

function Solved({job, about, act}: {job: api.Job; about: api.About | null; act: (action: Promise<unknown>) => void}) {
  const [loaded, setLoaded] = useState<{data: api.Data; result: api.Result} | null>(null), [error, setError] = useState("");
  useEffect(() => {
    Promise.all([api.data(job.id), api.result(job.id)]).then(([data, result]) => setLoaded({data, result}), reason => setError(reason.message));
  }, [job.id]);
  return (
    <>
      <Verdict job={job} />
      {error && <p class="bad" role="alert">{error}</p>}
      {loaded ? <Details job={job} about={about} {...loaded} act={act} /> : !error && <p class="soft">loading …</p>}
    </>
  );
}

function Verdict({job}: {job: api.Job}) {
  const verdict = job.verdict!;
  const figures: [preact.ComponentChildren, preact.ComponentChildren][] = [["Element", verdict.element === "X" ? "not known" : verdict.element], ["Atoms", verdict.n_atoms],
    [<><i>R</i><sub>w</sub></>, verdict.rw.toFixed(4)], ["Bond length", `${verdict.bond_length.toFixed(3)} Å`]];
  return (
    <section class="verdict" aria-live="polite">
      <p class="soft crumbs">{job.name}</p>
      <h1 class={verdict.kind}>{verdict.kind === "cluster" ? `${capital(verdict.type)}, ${verdict.n_atoms} atoms` : capital(verdict.kind.replaceAll("-", " "))}</h1>
      <p class="why">{capital(verdict.why)}</p>
      {verdict.flags.split(",").filter(Boolean).map(flag => <span key={flag} class="flag">{flag}</span>)}
      <dl class="figures">{figures.map(([name, value], i) => <div key={i}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </section>
  );
}

/* Everything that can be shown: picks with fit and atoms, other candidates once their atoms were fetched, samples. */
function useItems(job: api.Job, data: api.Data, result: api.Result) {
  const [fetched, setFetched] = useState<Item[]>([]), [samples, setSamples] = useState<Item[]>([]);
  const picks = useMemo(() => data.picks.map(pick => itemOfPick(pick)), [data]);
  const all = [...picks, ...fetched, ...samples];
  const find = (key: string) => all.find(item => item.key === key) ?? null;
  const fetchAtoms = async (key: string) => {
    const row = result.candidates.find(candidate => String(candidate.rank) === key);
    if (!row || find(key)) return;
    const xyz = await api.structure(job.id, row.rank);
    setFetched(list => [...list, {key, title: key, type: row.type, shape: row.shape, n_atoms: row.n_atoms, rw: row.rw, bond: row.bond_length, group: row.group, calc: null, xyz}]);
  };
  return {find, fetchAtoms, samples, setSamples};
}

function Details({job, about, data, result, act}: {
  job: api.Job; about: api.About | null; data: api.Data; result: api.Result; act: (action: Promise<unknown>) => void;
}) {
  const {find, fetchAtoms, samples, setSamples} = useItems(job, data, result);
  const inVerdict = data.picks.find(pick => pick.rank === data.verdict_rank)!, firstOther = data.picks.find(pick => pick.type !== inVerdict.type);
  const [shown, setShown] = useState<string[]>([...new Set([inVerdict, data.picks[0], firstOther].filter(pick => !!pick).map(pick => String(pick.rank)))]);
  const [fitKey, setFit] = useState("1"), [otherKey, setOther] = useState(inVerdict.rank === 1 ? "" : String(inVerdict.rank));
  const curves = useMemo(() => curvesOf(data), [data]);
  const fit = find(fitKey) ?? find("1")!, other = otherKey && otherKey !== fitKey ? find(otherKey) : null;
  const structures = shown.map(find).filter((item): item is Item => !!item?.xyz);

  const toggle = (key: string) => {
    if (shown.includes(key)) return setShown(shown.filter(each => each !== key));
    setShown([...shown, key].slice(-MAX_SHOWN));
    void fetchAtoms(key).catch(() => setShown(list => list.filter(each => each !== key)));
  };
  const look = (key: string) => {
    if (find(key)?.calc) setFit(key);
    if (!shown.includes(key) && (find(key)?.xyz || result.candidates.some(candidate => String(candidate.rank) === key))) toggle(key);
    document.getElementById("structures")?.scrollIntoView({block: "nearest", behavior: "smooth"});
  };
  const table: TableProps = {jobId: job.id, types: data.types, candidates: result.candidates, shown, fitKey: fit.key, otherKey, toggle, setFit, setOther,
    hasCurve: key => !!find(key)?.calc};
  return (
    <>
      <section aria-labelledby="fit-title">
        <h2 id="fit-title">Fit <small>{fit.title.startsWith("s") ? `sample ${fit.title}` : `rank ${fit.title}`}</small></h2>
        <Suspense fallback={<div class="fitplot" />}><FitPlot curves={curves} first={fit} other={other?.calc ? other : null} /></Suspense>
      </section>
      <section id="structures" aria-labelledby="structures-title">
        <h2 id="structures-title">Structures <small>to one scale, turning together</small></h2>
        <Viewers items={structures} element={data.element} remove={toggle} />
      </section>
      <section aria-labelledby="candidates-title">
        <h2 id="candidates-title">Candidates <small>{result.n_candidates} in all</small></h2>
        <p class="note">Candidates of one group fit equally well within the uncertainty of the data; their order within the group is chance.</p>
        <CandidateTable {...table} />
        {samples.length > 0 && <SampleTable props={table} samples={samples} element={data.element} clear={() => setSamples([])} />}
      </section>
      {data.latent && <section aria-labelledby="latent-title">
        <h2 id="latent-title">Latent map</h2>
        <LatentMap job={job} data={data} latent={data.latent} canSample={about?.model ?? false} most={about?.limits.samples ?? 32} samples={samples}
          add={items => setSamples(list => [...list, ...items])} show={item => look(item.key)} />
      </section>}
      <section aria-labelledby="size-title">
        <h2 id="size-title"><i>R</i><sub>w</sub> against size</h2>
        <SizeMap data={data} pick={rank => look(String(rank))} />
      </section>
      <div class="columns">
        <section aria-labelledby="assumed-title">
          <h2 id="assumed-title">What was assumed</h2>
          {result.input.assumed.length ? <ul>{result.input.assumed.map(note => <li key={note}>{note}</li>)}</ul> : <p class="soft">Nothing: the file says it all.</p>}
          <p class="soft">Used: Qmin {result.input.qmin}, Qmax {result.input.qmax}, Qdamp {result.input.qdamp} 1/Å; {result.input.points} points to {result.input.rmax} Å.</p>
        </section>
        <section aria-labelledby="files-title">
          <h2 id="files-title">Files</h2>
          <Files job={job} hasMap={!!data.latent} />
        </section>
      </div>
      <p><button type="button" onClick={() => act(api.again(job.id))}>Solve again</button></p>
    </>
  );
}

function Files({job, hasMap}: {job: api.Job; hasMap: boolean}) {
  const link = (name: string, label = name) => <a key={name} href={api.fileAddress(job.id, name, true)} download>{label}</a>;
  const plots = ["fit", "rw-size", ...(hasMap ? ["latent"] : [])];
  return (
    <div class="files">
      <p><a class="main" href={`/api/jobs/${job.id}/zip`} download>Everything (zip)</a> <a href={api.fileAddress(job.id, "report.html")} target="_blank" rel="noreferrer">report.html</a></p>
      <p>{["candidates.csv", "result.json", "fit-001.fgr", "input.gr"].map(name => link(name))}</p>
      <p>{plots.map(stem => <span key={stem}>{stem} {["svg", "png", "pdf"].map(ending => link(`${stem}.${ending}`, ending))} </span>)}</p>
    </div>
  );
}
