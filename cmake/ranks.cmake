# The communicator: one of two files, the serial one unless DEEPSTRUC_MPI is on (src/base/comm.h). Included before the
# library is made.
option(DEEPSTRUC_MPI "Share work among the ranks of mpirun" OFF)
if(DEEPSTRUC_MPI)
  find_package(MPI REQUIRED COMPONENTS C)
  list(FILTER DEEPSTRUC_SOURCES EXCLUDE REGEX "/base/comm_serial.c$")
else()
  find_package(MPI QUIET COMPONENTS C) # for the tests, which build a second program where there is one
  list(FILTER DEEPSTRUC_SOURCES EXCLUDE REGEX "/base/comm_mpi.c$")
endif()
