/* Eigenvalues and eigenvectors of small symmetric matrices. */
#ifndef BASE_EIGEN_H
#define BASE_EIGEN_H

/* a[n x n], symmetric, keeps its eigenvalues on the diagonal; the columns of v[n x n] become the eigenvectors. By
 * cyclic Jacobi rotations (Golub, Van Loan, Matrix Computations, section 8.5): for n of a few. */
void eigen_symmetric(double *a, double *v, int n);

#endif
