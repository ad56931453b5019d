/* The page: files on their way in, the history beside, and the result that is looked at. */
import {useCallback, useEffect, useRef, useState} from "preact/hooks";
import * as api from "./api";
import {History} from "./history";
import {JobView} from "./job";
import {Review, type Pending} from "./review";
import {isDark, onTheme, toggleTheme} from "./theme";

const isActive = (job: api.Job) => job.state === "queued" || job.state === "running";
const chosenJob = () => Number(location.hash.match(/^#\/job\/(\d+)$/)?.[1] ?? 0);

/* The list of jobs, asked for again and again: often while one is on its way, seldom otherwise, never in the background. */
function useJobs(onError: (error: string) => void) {
  const [jobs, setJobs] = useState<api.Job[] | null>(null);
  const timer = useRef(0);
  const refresh = useCallback(async () => {
    clearTimeout(timer.current);
    let pause = 5000;
    try {
      const list = await api.jobs();
      setJobs(list);
      onError("");
      if (list.some(isActive)) pause = 500;
    } catch (error) {
      onError((error as Error).message);
    }
    timer.current = window.setTimeout(() => void (document.hidden ? wait() : refresh()), pause);
  }, []);
  const wait = () => document.addEventListener("visibilitychange", () => void refresh(), {once: true});
  useEffect(() => {
    void refresh();
    return () => clearTimeout(timer.current);
  }, []);
  return {jobs, refresh};
}

function ThemeButton() {
  const [dark, setDark] = useState(isDark());
  useEffect(() => onTheme(() => setDark(isDark())), []);
  return <button type="button" class="quiet" onClick={toggleTheme}>{dark ? "Light" : "Dark"}</button>;
}

let nextKey = 1;
export function App() {
  const [about, setAbout] = useState<api.About | null>(null);
  const [offline, setOffline] = useState("");
  const [error, setError] = useState("");
  const [pending, setPending] = useState<Pending[]>([]);
  const [chosen, setChosen] = useState(chosenJob());
  const [over, setOver] = useState(false);
  const {jobs, refresh} = useJobs(setOffline);
  const chooser = useRef<HTMLInputElement>(null);

  useEffect(() => {
    api.about().then(setAbout, () => undefined);
    const follow = () => setChosen(chosenJob());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);

  const update = (key: number, change: Partial<Pending>) =>
    setPending(list => list.map(each => each.key === key ? {...each, ...change} : each));
  const add = (files: Iterable<File>) => {
    for (const file of [...files].slice(0, about?.limits.files ?? 100)) {
      const key = nextKey++;
      setPending(list => [...list, {key, file, settings: {}}]);
      const tooLarge = about && file.size > about.limits.file_bytes;
      const looked = tooLarge ? Promise.reject(new Error(`larger than ${about.limits.file_bytes >> 20} MiB`)) : api.inspect(file);
      looked.then(found => update(key, found.error ? {error: found.error} : {found}), reason => update(key, {error: reason.message}));
    }
    setError("");
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer?.files.length) add(event.dataTransfer.files);
  };
  const solve = async (which: Pending[]) => {
    try {
      for (const each of which) {
        const id = await api.submit(each.file, each.settings);
        setPending(list => list.filter(other => other.key !== each.key));
        if (which.length === 1) location.hash = `#/job/${id}`;
      }
      setError("");
    } catch (reason) {
      setError((reason as Error).message);
    }
    void refresh();
  };
  const act = async (action: Promise<unknown>) => {
    try {
      const id = await action;
      if (typeof id === "number") location.hash = `#/job/${id}`;
    } catch (reason) {
      setError((reason as Error).message);
    }
    void refresh();
  };

  const job = jobs?.find(each => each.id === chosen);
  return (
    <div class={over ? "page over" : "page"} onDragOver={event => (event.preventDefault(), setOver(true))}
      onDragLeave={event => event.relatedTarget === null && setOver(false)} onDrop={drop}>
      <header class="top">
        <a class="brand" href="#/">deepstruc</a><span class="soft">{about?.version}</span>
        <ThemeButton />
      </header>
      {(offline || error) && <p class="alert" role="alert">{offline || error}
        {!offline && <button type="button" class="quiet" onClick={() => setError("")} aria-label="Dismiss">×</button>}</p>}
      <div class="frame">
        <aside>
          <button type="button" class={`drop${pending.length || chosen ? " small" : ""}`} onClick={() => chooser.current?.click()}>
            <b>Drop .gr files here</b> <span>or choose them</span>
          </button>
          <input ref={chooser} type="file" multiple hidden id="chooser" onChange={event => {
            add(event.currentTarget.files ?? []);
            event.currentTarget.value = "";
          }} />
          <History jobs={jobs} chosen={chosen} act={act} />
        </aside>
        <main>
          {pending.length > 0 && <Review pending={pending} about={about} update={update} solve={solve}
            remove={key => setPending(list => list.filter(each => each.key !== key))} />}
          {job ? <JobView key={job.id} job={job} about={about} act={act} /> :
            pending.length === 0 && <Welcome unknown={chosen > 0 && jobs !== null} />}
        </main>
      </div>
    </div>
  );
}

function Welcome({unknown}: {unknown: boolean}) {
  return (
    <section class="welcome">
      {unknown && <p class="alert">There is no such job any more.</p>}
      <h1>From a PDF to the structure of your nanoparticles</h1>
      <p>Drop the <code>.gr</code> file from the beamline anywhere on this page. You see what was read from it, can correct it, and get ranked,
        refined structures with a verdict, usually within a minute.</p>
      <p class="soft">Files and results stay on this computer.</p>
    </section>
  );
}
