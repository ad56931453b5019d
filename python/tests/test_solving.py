import math
import os
import signal
import threading

import numpy as np
import pytest

import deepstruc
from conftest import QUICK, ROOT


def test_the_true_structure_is_found_first(solution, structure):
    best = solution[0]
    assert (best.type, best.n_atoms, best.element, best.rank) == ("icosahedron", 13, "Au", 1)
    assert best.bond_length == pytest.approx(structure.bond_length, rel=2e-3)
    assert [c.rw for c in solution] == sorted(c.rw for c in solution)
    assert solution[-1].rank == len(solution) and len(solution[:3]) == 3
    with pytest.raises(IndexError):
        solution[len(solution)]
    assert solution.verdict.why and solution.element == "Au"
    assert solution.settings["methods"] == "library" and solution.settings["max_atoms"] == 60


def test_families_share_the_probability(solution):
    evidence = solution.evidence
    assert sum(f.probability for f in evidence.families) == pytest.approx(1)
    assert evidence.families[0].type == "icosahedron" and evidence.families[0].best == 0
    assert evidence.n_atoms.low <= 13 <= evidence.n_atoms.high and evidence.diameter.mean > 5
    assert solution[0].weight == 1


def test_groups_come_to_kinds(solution):
    kinds = solution.evidence.kinds
    first = kinds[0]
    assert (first.group, first.family, first.best, first.difference) == (1, "icosahedron", 0, 0)
    assert first.n_atoms[0] <= 13 <= first.n_atoms[1] and first.differs_at_r is None and first.told_at_rw is None
    assert 0 < first.share <= 1 and all(k.difference > 0 and k.told_at_rw >= 0 for k in kinds[1:])
    for group in {k.group for k in kinds}:
        members = [candidate for candidate in solution if candidate.group == group]
        assert sum(k.n_candidates for k in kinds if k.group == group) == len(members)


def test_structures_of_no_family_stand_beside_the_families(pdf, solution):
    assert solution.evidence.unnamed is None
    three = deepstruc.Structure("Au", np.array([[0.0, 0, 0], [2.8, 0, 0], [0, 3.1, 0]]))
    answer = deepstruc.refine(pdf, [deepstruc.build("icosahedron", shells=2, element="Au"), three])
    unnamed = answer.evidence.unnamed
    assert (unnamed.n_shapes, unnamed.best) == (1, 1) and 0 <= unnamed.odds < 1
    assert [f.type for f in answer.evidence.families] == ["icosahedron"]


def test_curves_are_those_of_the_reported_rw(solution):
    fit = solution.fit(0)
    rw = math.sqrt(np.sum(fit.difference**2) / np.sum(fit.g**2))
    assert rw == pytest.approx(solution[0].rw, rel=1e-9)
    assert np.allclose(fit.gcalc + fit.difference, fit.g) and fit.r[0] >= 1.5
    with pytest.raises(IndexError):
        solution.fit(solution.n_fits)


def test_arrays_do_as_a_file_does(pdf, tmp_path):
    pdf.write(tmp_path / "a.gr")
    settings = dict(QUICK, element="Au", qmin=1, qmax=20, qdamp=0)
    from_file = deepstruc.solve(tmp_path / "a.gr", **settings)
    from_arrays = deepstruc.solve((pdf.r, pdf.g), **settings)
    # 12 digits of G are in the file.
    assert from_arrays[0].rw == pytest.approx(from_file[0].rw, rel=1e-6)
    assert from_arrays[0].name == from_file[0].name


def test_what_was_assumed_is_said(pdf, structure):
    assumed = deepstruc.refine((pdf.r, pdf.g), structure, qmin=1, qmax=20).assumed
    assert any("qdamp=0.03" in note for note in assumed)


def test_refined_numbers_have_standard_deviations(pdf, structure):
    small = deepstruc.Structure("Au", 0.98 * structure.positions)
    answer = deepstruc.refine(pdf, [small, deepstruc.build("octahedron", length=3)])
    assert answer[0].n_atoms == 13 and answer[0].expansion == pytest.approx(1 / 0.98, rel=2e-3)
    assert 0 < answer[0].esd["bond_length"] < 0.01 and answer[0].biso > 0
    assert answer[1].rw > answer[0].rw and answer.n_fits == 2
    again = deepstruc.refine(pdf, answer[0])  # a candidate is a structure
    assert again[0].expansion == pytest.approx(1, abs=1e-4)


def test_more_terms_may_be_free(pdf, structure):
    candidate = deepstruc.refine(pdf, structure, refine=["qdamp"])[0]
    assert candidate.terms["qdamp"].free and candidate.terms["qdamp"].value < 0.02  # the simulated one is 0
    assert deepstruc.refine(pdf, structure)[0].terms == {}
    with pytest.raises(deepstruc.DeepstrucError, match="nonsense"):
        deepstruc.refine(pdf, structure, refine="nonsense")


def test_ways_out(solution, tmp_path):
    best = solution[0]
    best.write(tmp_path / "best.stru")
    diffpy = best.to_diffpy()
    assert "format pdffit" in diffpy["stru"] and diffpy["Uiso"] == pytest.approx(best.biso / (8 * math.pi**2))
    # The atoms of the .stru are the refined ones: the same distances, in a box.
    lines = diffpy["stru"].splitlines()
    edge = [float(x) for x in next(line for line in lines if line.startswith("cell")).split()[1].strip(",").split(",")[:1]][0]
    assert edge > 60 and sum(line.split()[:1] == ["AU"] for line in lines) == 13
    solution.write(tmp_path / "folder")
    assert (tmp_path / "folder/result.json").exists() and (tmp_path / "folder/report.html").exists()
    assert set(best.row()) >= {"rank", "rw", "bond_length"} and len(solution.rows()) == len(solution)


def test_ase_atoms_in_five_lines(pdf):
    ase = pytest.importorskip("ase")
    atoms = deepstruc.solve(pdf, **QUICK)[0].to_ase()
    assert isinstance(atoms, ase.Atoms) and atoms.info["rw"] < 0.02


def test_a_notebook_shows_plot_and_table(solution):
    html = solution._repr_html_()
    assert "<svg" in html and "<?xml" not in html and html.count("<tr>") == 1 + min(10, len(solution))
    assert f"{solution[0].rw:.4f}" in html


def test_results_outlive_what_they_came_from(pdf):
    candidate = deepstruc.refine(pdf, deepstruc.build("icosahedron", shells=2))[0]
    positions = candidate.positions
    del candidate
    assert np.isfinite(positions).all()


def test_progress_is_heard_and_an_exception_in_it_stops(pdf):
    heard = []
    deepstruc.solve(pdf, **{**QUICK, "progress": lambda stage, fraction: heard.append((stage, fraction))})
    assert heard and all(0 <= fraction <= 1 for _, fraction in heard)

    def stop(stage, fraction):
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        deepstruc.solve(pdf, **{**QUICK, "progress": stop})


def test_ctrl_c_ends_a_long_call(pdf):
    def interrupt(stage, fraction):
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        deepstruc.solve(pdf, **{**QUICK, "progress": interrupt})


def test_threads_work_side_by_side_and_agree(pdf, structure):
    """The interpreter's lock is free during a call: a second thread counts while the first one simulates."""
    expected = deepstruc.refine(pdf, structure)[0].rw
    answers, errors = [], []

    def work(i):
        try:
            answers.append(deepstruc.refine(pdf, structure)[0].rw)
            deepstruc.read_pdf(f"absent-{i}.gr")
        except deepstruc.DeepstrucError as error:
            errors.append((i, error.file))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 4
    assert sorted(errors) == [(i, f"absent-{i}.gr") for i in range(4)]  # nobody hears another's error


def test_the_lock_is_free_during_a_call(structure):
    """Reading a pipe blocks inside of the library until another Python thread writes into it: with the lock held, never."""
    reader, writer = os.pipe()

    def feed():
        with open(ROOT / "examples/decahedron.gr", "rb") as file, os.fdopen(writer, "wb") as pipe:
            pipe.write(file.read())

    thread = threading.Thread(target=feed, daemon=True)
    timer = threading.Timer(0.05, thread.start)
    timer.start()
    assert len(deepstruc.read_pdf(f"/dev/fd/{reader}")) > 1000
    os.close(reader)
    thread.join()


def test_the_default_model_and_its_map():
    try:
        located = deepstruc.latent(ROOT / "examples/decahedron.gr")
    except deepstruc.DeepstrucError as error:
        pytest.skip(str(error))
    reading = located.readings[0]
    assert reading.type == "decahedron" and reading.n_atoms_68[0] < 192 < reading.n_atoms_68[1]
    assert len(located.x) == len(located.types) > 100 and "fcc" in located.types
