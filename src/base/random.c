#include "base/random.h"

#include <math.h>

static uint64_t splitmix(uint64_t *x)
{
    uint64_t z = (*x += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint64_t rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

void random_seed(random_stream *stream, uint64_t seed, uint64_t number)
{
    uint64_t a = seed, b = number ^ 0xd1b54a32d192ed03u;
    for (int i = 0; i < 4; i++)
        stream->state[i] = splitmix(&a) ^ rotate(splitmix(&b), 17 * i + 1);
    if (!(stream->state[0] | stream->state[1] | stream->state[2] | stream->state[3]))
        stream->state[0] = 1;
    for (int i = 0; i < 8; i++)
        random_bits(stream);
}

uint64_t random_bits(random_stream *stream)
{
    uint64_t *s = stream->state;
    uint64_t result = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

double random_uniform(random_stream *stream, double low, double high)
{
    return low + (high - low) * (double)(random_bits(stream) >> 11) * 0x1p-53;
}

double random_normal(random_stream *stream)
{
    double u = 1.0 - random_uniform(stream, 0, 1), v = random_uniform(stream, 0, 1);
    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

uint64_t random_below(random_stream *stream, uint64_t n)
{
    return (uint64_t)(((unsigned __int128)random_bits(stream) * n) >> 64);
}
