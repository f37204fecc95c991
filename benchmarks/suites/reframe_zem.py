"""A check for ReFrame: the rate at which zem flies a deck on a device, if the result is VALID."""

import reframe as rfm
import reframe.utility.sanity as sn


@rfm.simple_test
class ZemBench(rfm.RunOnlyRegressionTest):
    """Measures engagements per second of one deck. A subclass or a site's copy may set `reference` for its systems."""

    descr = "zem: Monte Carlo engagements, with work that a digest proves"
    valid_systems = ["*"]
    valid_prog_environs = ["*"]
    executable = "zem"
    deck = variable(str, value="standard")
    device = variable(str, value="auto")
    repetitions = variable(int, value=5)

    @run_before("run")
    def choose_work(self):
        self.executable_opts = ["bench", "--deck", self.deck, "--device", self.device,
                                "--repeat", str(self.repetitions), "--quiet"]

    @sanity_function
    def result_is_valid(self):
        return sn.all([sn.assert_found(r"^VALID: ", self.stdout),
                       sn.assert_not_found(r"^(INVALID|UNPROVEN)", self.stdout)])

    @performance_function("engagements/s")
    def engagements_per_second(self):
        return sn.extractsingle(r"^ +engagements +(?P<rate>\S+) /s median", self.stdout, "rate", float)
