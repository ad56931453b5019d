/* The works that a result rests on, as data; CITATION.cff names the chief ones. X(key, when, authors, year, title,
 * journal, volume, page, doi); `when` is a condition of command_cite.c. */
#ifndef CLI_REFERENCES_H
#define CLI_REFERENCES_H

/* clang-format off */
#define CLI_REFERENCE_LIST(X) \
    X("kjaer2023", ALWAYS, "Kjær, E. T. S. and Anker, A. S. and others", 2023, \
      "DeepStruc: towards structure solution from pair distribution function data using deep generative models", \
      "Digital Discovery", "2", "69", "10.1039/D2DD00086E") \
    X("debye1915", ALWAYS, "Debye, P.", 1915, "Zerstreuung von Röntgenstrahlen", "Annalen der Physik", "351", "809", \
      "10.1002/andp.19153510606") \
    X("juhas2015", ALWAYS, "Juhás, P. and Farrow, C. L. and Yang, X. and Knox, K. R. and Billinge, S. J. L.", 2015, \
      "Complex modeling: a strategy and software program for combining multiple information sources to solve ill posed " \
      "structure and nanostructure inverse problems", "Acta Crystallographica A", "71", "562", "10.1107/S2053273315014473") \
    X("golub1973", ALWAYS, "Golub, G. H. and Pereyra, V.", 1973, \
      "The differentiation of pseudo-inverses and nonlinear least squares problems whose variables separate", \
      "SIAM Journal on Numerical Analysis", "10", "413", "10.1137/0710036") \
    X("more1978", ALWAYS, "Moré, J. J.", 1978, "The Levenberg-Marquardt algorithm: implementation and theory", \
      "Lecture Notes in Mathematics", "630", "105", "10.1007/BFb0067700") \
    X("newey1987", ALWAYS, "Newey, W. K. and West, K. D.", 1987, \
      "A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent covariance matrix", \
      "Econometrica", "55", "703", "10.2307/1913610") \
    X("howell2006", SEARCHED, "Howell, R. C. and Proffen, T. and Conradson, S. D.", 2006, \
      "Pair distribution function and structure factor of spherical particles", "Physical Review B", "73", "094107", \
      "10.1103/PhysRevB.73.094107") \
    X("honeycutt1987", SEARCHED, "Honeycutt, J. D. and Andersen, H. C.", 1987, \
      "Molecular dynamics study of melting and freezing of small Lennard-Jones clusters", \
      "Journal of Physical Chemistry", "91", "4950", "10.1021/j100303a014") \
    X("mackay1962", ICOSAHEDRON, "Mackay, A. L.", 1962, "A dense non-crystallographic packing of equal spheres", \
      "Acta Crystallographica", "15", "916", "10.1107/S0365110X6200239X") \
    X("ino1966", DECAHEDRON, "Ino, S.", 1966, \
      "Epitaxial growth of metals on rocksalt faces cleaved in vacuum. II. Orientation and structure of gold particles " \
      "formed in ultrahigh vacuum", "Journal of the Physical Society of Japan", "21", "346", "10.1143/JPSJ.21.346") \
    X("marks1984", DECAHEDRON, "Marks, L. D.", 1984, \
      "Surface structure and energetics of multiply twinned particles", "Philosophical Magazine A", "49", "81", "") \
    X("juhas2013", PDFGETX3, "Juhás, P. and Davis, T. and Farrow, C. L. and Billinge, S. J. L.", 2013, \
      "PDFgetX3: a rapid and highly automatable program for processing powder diffraction data into total scattering " \
      "pair distribution functions", "Journal of Applied Crystallography", "46", "560", "10.1107/S0021889813005190")
/* clang-format on */

#endif
