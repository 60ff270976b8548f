"""Seconds that deepchecks takes to look for weak segments in rows of a CSV file.

It runs by itself, in an interpreter where deepchecks is installed, which needs older libraries than the product.
"""

import sys
import time

import pandas as pd


def main(path: str) -> None:
    from deepchecks.tabular import Dataset
    from deepchecks.tabular.checks import WeakSegmentsPerformance

    frame = pd.read_csv(path)
    loss = frame.pop("loss")
    label = frame.pop("label")
    data = Dataset(frame, label=label, cat_features=list(frame.columns))
    check = WeakSegmentsPerformance(
        n_top_features=frame.shape[1], n_samples=len(frame), segment_minimum_size_ratio=30 / len(frame),
        loss_per_sample=loss, score_per_sample=-loss,
    )  # fmt: skip
    clock = time.process_time()
    check.run(data, y_pred=label.to_numpy(), feature_importance=pd.Series(1.0, index=frame.columns))
    print(time.process_time() - clock)


if __name__ == "__main__":
    main(sys.argv[1])
