/* Structures in a cell: what is written is read again; what others write is read; damage is refused in words. */
#include "support.h"

#include <deepstruc/cluster.h>

#include <math.h>
#include <string.h>

static deepstruc_cluster *parse(const char *text, bool cif)
{
    deepstruc_cluster *cluster = NULL;
    deepstruc_diag diag;
    deepstruc_status status = cif ? deepstruc_cluster_parse_cif(&cluster, text, strlen(text), "test", &diag)
                                  : deepstruc_cluster_parse_stru(&cluster, text, strlen(text), "test", &diag);
    if (status != DEEPSTRUC_OK)
        fail_msg("%s", diag.message);
    return cluster;
}

static void refuse(const char *text, bool cif, const char *words)
{
    deepstruc_cluster *cluster = NULL;
    deepstruc_diag diag;
    deepstruc_status status = cif ? deepstruc_cluster_parse_cif(&cluster, text, strlen(text), "test", &diag)
                                  : deepstruc_cluster_parse_stru(&cluster, text, strlen(text), "test", &diag);
    assert_int_not_equal(status, DEEPSTRUC_OK);
    assert_null(cluster);
    if (!strstr(diag.message, words))
        fail_msg("'%s' does not say '%s'", diag.message, words);
}

/* As PDFgui saves it: commas, upper case, a second atom to check the way from one to the next. */
static const char nickel[] = "title  structure of nickel\nformat pdffit\nscale   1.000000\n"
                             "sharp   0.000000,  0.000000,  1.000000,  0.000000\nspcgr   Fm-3m\n"
                             "cell     3.520000,  3.520000,  3.520000, 90.000000, 90.000000, 90.000000\n"
                             "dcell    0.000000,  0.000000,  0.000000,  0.000000,  0.000000,  0.000000\n"
                             "ncell           1,         1,         1,         2\natoms\n"
                             "NI          0.00000000        0.00000000        0.00000000       1.0000\n"
                             "            0 0 0 0\n 0.00126651 0.00126651 0.00126651\n 0 0 0\n 0 0 0\n 0 0 0\n"
                             "NI          0.00000000        0.50000000        0.50000000       1.0000\n"
                             "            0 0 0 0\n 0.00126651 0.00126651 0.00126651\n 0 0 0\n 0 0 0\n 0 0 0\n";

static void test_pdffit_structure(void **state)
{
    (void)state;
    deepstruc_cluster *cluster = parse(nickel, false);
    assert_int_equal(cluster->n_atoms, 2);
    assert_string_equal(cluster->element, "Ni");
    assert_string_equal(cluster->name, "structure of nickel");
    /* Half a face's diagonal: exact but for rounding. */
    assert_true(fabs(cluster->bond_length - 3.52 / sqrt(2)) < 1e-12);
    deepstruc_cluster_destroy(cluster);
}

/* Two atoms along c of a cell with all angles 60 degrees, whose vectors are 60 degrees apart too: |c| / 2. */
static void test_cif_with_angles(void **state)
{
    (void)state;
    deepstruc_cluster *cluster = parse(
        "# a comment\ndata_try\n_cell_length_a 4.0(1)\n_cell_length_b 4\n_cell_length_c 6.2\n"
        "_cell_angle_alpha 60\n_cell_angle_beta 60\n_cell_angle_gamma 60\n_publ_text\n;\nloop_ not here\n;\n"
        "loop_\n_symmetry_equiv_pos_as_xyz\n'x, y, z'\n"
        "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\n"
        "Au1 0.1 0.2 0.3(2) 1\nAu2 0.1 0.2 0.8 1\n_other_thing 5\n",
        true);
    assert_int_equal(cluster->n_atoms, 2);
    assert_string_equal(cluster->element, "Au");
    assert_string_equal(cluster->name, "try");
    assert_true(fabs(cluster->bond_length - 3.1) < 1e-12);
    deepstruc_cluster_destroy(cluster);
}

/* Body-centred with an inversion: a general place makes 4 atoms, the origin 2, half a body diagonal apart. The
 * operations stand behind the atoms, and another block's atoms behind those. */
#define BODY_CENTRED                                                                                                   \
    "loop_\n_space_group_symop_id\n_space_group_symop_operation_xyz\n1 'x, y, z'\n2 -X,-Y,-Z\n"                        \
    "3 'x+1/2, 1/2+y, z+0.5'\n4 '-x+1/2, -y+1/2, -z+1/2'\n"

static void test_symmetry(void **state)
{
    (void)state;
    deepstruc_cluster *cluster = parse(
        "data_global\n_journal_year 2001\ndata_iron\n_symmetry_space_group_name_H-M 'I m -3 m'\n"
        "loop_\n_atom_site_fract_z\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_label\n_atom_site_occupancy\n"
        "0.0 0.0 0.0 Fe1A 1.0(0)\n0.2 0.4 0.1 Fe2 0\n" BODY_CENTRED
        "_cell_length_a 2.87(2)\n_cell_length_b 2.87\n_cell_length_c 2.87\n"
        "data_second\nloop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\nPt 0 0 0\n",
        true);
    assert_int_equal(cluster->n_atoms, 2);
    assert_string_equal(cluster->element, "Fe");
    assert_string_equal(cluster->name, "iron");
    assert_true(fabs(cluster->bond_length - 2.87 * sqrt(3) / 2) < 1e-12);
    deepstruc_cluster_destroy(cluster);

    cluster = parse("_cell_length_a 9\n_cell_length_b 9\n_cell_length_c 9\n" BODY_CENTRED
                    "loop_\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"
                    "Au 0.1 0.2 0.3\n",
                    true);
    assert_int_equal(cluster->n_atoms, 4);
    deepstruc_cluster_destroy(cluster);
}

/* Close packing in its hexagonal cell. Thirds written with four digits: the images that ought to be one atom are 6e-4 Å
 * apart; in the plane atoms are a apart, but only one per layer lies in the cell: the bond is the one between layers.
 */
static void test_special_position_in_digits(void **state)
{
    (void)state;
    deepstruc_cluster *cluster = parse(
        "data_mg\n_cell_length_a 3.2\n_cell_length_b 3.2\n_cell_length_c 5.2\n_cell_angle_gamma 120\nloop_\n"
        "_symmetry_equiv_pos_as_xyz\nx,y,z\n-y,x-y,z\n-x+y,-x,z\n-x,-y,z+1/2\ny,-x+y,z+1/2\nx-y,x,z+1/2\nloop_\n"
        "_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\nMg2+ 0.3333 0.6667 0.25\n",
        true);
    assert_int_equal(cluster->n_atoms, 2);
    /* a / sqrt(3) aside and c / 2 up; the digits move it by up to 2e-4 of a. */
    assert_true(fabs(cluster->bond_length - hypot(3.2 / sqrt(3), 2.6)) < 1e-3);
    deepstruc_cluster_destroy(cluster);
}

/* An octahedron of six atoms around a corner of its cell comes out in one piece. */
static void test_particle_on_the_border(void **state)
{
    (void)state;
    deepstruc_cluster *cluster =
        parse("_cell_length_a 20\n_cell_length_b 20\n_cell_length_c 20\nloop_\n_symmetry_equiv_pos_as_xyz\n"
              "x,y,z\n-x,-y,-z\ny,z,x\nz,x,y\n-y,-z,-x\n-z,-x,-y\nloop_\n_atom_site_label\n_atom_site_fract_x\n"
              "_atom_site_fract_y\n_atom_site_fract_z\nPt1 0.1 0 0\n",
              true);
    assert_int_equal(cluster->n_atoms, 6);
    for (size_t i = 0; i < 6; i++) {
        const double *x = cluster->xyz + 3 * i;
        assert_true(fabs(sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]) - 2) < 1e-9);
    }
    deepstruc_cluster_destroy(cluster);
}

static void test_written_files_are_read_again(void **state)
{
    (void)state;
    static const char *const names[] = {"crystal.stru", "crystal.cif", "crystal.xyz"};
    deepstruc_recipe recipe = deepstruc_recipe_decahedron(3, 2, 1);
    deepstruc_cluster *made, *read;
    deepstruc_diag diag;
    assert_int_equal(deepstruc_cluster_build(&made, &recipe, 2.88, "Au", &diag), DEEPSTRUC_OK);
    for (int i = 0; i < 3; i++) {
        const char *path = names[i];
        if (i == 0)
            assert_int_equal(deepstruc_cluster_write_stru(made, path, 0.5, true, &diag), DEEPSTRUC_OK);
        else if (i == 1)
            assert_int_equal(deepstruc_cluster_write_cif(made, path, true, &diag), DEEPSTRUC_OK);
        else
            assert_int_equal(deepstruc_cluster_write_xyz(made, path, NULL, true, &diag), DEEPSTRUC_OK);
        assert_int_equal(deepstruc_cluster_read(&read, path, &diag), DEEPSTRUC_OK);
        remove(path);
        assert_int_equal(read->n_atoms, made->n_atoms);
        assert_string_equal(read->element, "Au");
        /* Shifted into the box as a whole. The box's edge is written with six decimals: half of the last, 5e-7 Å, at a
         * fraction of at most 1, and the ninth decimal of the fraction of some 75 Å, twice in a difference. */
        for (size_t k = 3; k < 3 * made->n_atoms; k++)
            assert_true(fabs(read->xyz[k] - read->xyz[k % 3] - made->xyz[k] + made->xyz[k % 3]) < 1e-6);
        deepstruc_cluster_destroy(read);
    }
    deepstruc_cluster_destroy(made);
}

static void test_damage(void **state)
{
    (void)state;
    char cut[sizeof nickel];
    memcpy(cut, nickel, sizeof cut);
    cut[sizeof cut - 10] = '\0';
    refuse(cut, false, "cut off");
    refuse("", false, "cell");
    refuse("title only\ncell 1 2 3 90 90 90\n", false, "atoms");
    refuse("format discus\ncell 1 2 3 90 90 90\natoms\n", false, "discus");
    refuse("cell 1 2 nan 90 90 90\natoms\n", false, "cell");
    refuse("cell 3 3 3 90 90 90\natoms\nQQ 0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n", false, "no element");
    refuse("cell 3 3 3 90 90 190\natoms\nNI 0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n", false, "angles");
    refuse("", true, "no atoms");
#define ATOMS "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"
#define CELL "_cell_length_a 9\n_cell_length_b 9\n_cell_length_c 9\n"
    refuse("_symmetry_equiv_pos_as_xyz 'x,y'\n", true, "'x,y' is no symmetry operation");
    refuse("loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\nx,y,w\n", true, "'x,y,w' is no symmetry operation");
    refuse("loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\nxx,y,z\n", true, "no symmetry operation");
    refuse("loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\nx,y,z+1/0\n", true, "no symmetry operation");
    refuse(CELL "_space_group_name_H-M_alt 'F m -3 m'\n" ATOMS "Au 0 0 0\n", true,
           "the space group F m -3 m, but not its operations");
    refuse(CELL "_space_group_IT_number 225\n" ATOMS "Au 0 0 0\n", true, "space group 225");
    refuse(CELL "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"
                "_atom_site_occupancy\nAu1 0 0 0 1\nAu2 0.5 0 0 0.50(2)\n",
           true, "atom 2 is there with an occupancy of 0.5 only");
    refuse(CELL ATOMS "Au 0 0 1e300\n", true, "coordinate z");
    refuse("loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\n-x,y,z\nloop_\n_atom_site_label\n_atom_site_Cartn_x\n"
           "_atom_site_Cartn_y\n_atom_site_Cartn_z\nAu 0 0 0\n",
           true, "Cartesian");
    refuse("cell 3 3 3 90 90 90\natoms\nNI 0 0 0 0.25 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n", false, "occupancy of 0.25");
    refuse("loop_\n_atom_site_label\n_atom_site_Cartn_x\n_atom_site_Cartn_y\n_atom_site_Cartn_z\nAu 0 0 0\nPt 0 0 3\n",
           true, "Au and Pt");
    refuse("loop_\n_atom_site_label\n_atom_site_Cartn_x\n_atom_site_Cartn_y\n_atom_site_Cartn_z\nAu 0 0\n", true,
           "cut off");
    refuse("loop_\n_atom_site_label\n_atom_site_Cartn_x\n_atom_site_Cartn_y\n_atom_site_Cartn_z\nAu 0 0 0\nAu 0 0 0\n",
           true, "apart");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pdffit_structure),
        cmocka_unit_test(test_cif_with_angles),
        cmocka_unit_test(test_symmetry),
        cmocka_unit_test(test_special_position_in_digits),
        cmocka_unit_test(test_particle_on_the_border),
        cmocka_unit_test(test_written_files_are_read_again),
        cmocka_unit_test(test_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
