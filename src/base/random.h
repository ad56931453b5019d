/* Random streams: xoshiro256++ seeded by splitmix64 (Blackman, Vigna, doi 10.1145/3460772). Stream s of seed n is
 * the same on every machine and for any number of threads: give each item of work its own stream. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

typedef struct {
    uint64_t state[4];
} random_stream;

void random_seed(random_stream *stream, uint64_t seed, uint64_t number);
uint64_t random_bits(random_stream *stream);
double random_uniform(random_stream *stream, double low, double high); /* [low, high) */
double random_normal(random_stream *stream);                           /* mean 0, standard deviation 1 */
uint64_t random_below(random_stream *stream, uint64_t n);              /* 0 .. n-1; n > 0 */

#endif
