from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0002_transports_and_destruction'),
    ]

    operations = [
        migrations.CreateModel(
            name='LogPending',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('leaf', models.BinaryField()),
                ('rows', models.TextField()),
            ],
            options={
                'db_table': 'log_pending',
            },
        ),
    ]
